// SPDX-License-Identifier: Apache-2.0
#include "tests/support/perfdata_judge.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

bool is_clean(const std::string& output) { return plugin_output_faults(output).empty(); }

bool is_clean_perfdata(const std::string& perfdata) {
  return is_clean("PGREPL OK - fine | " + perfdata + "\n");
}

TEST(PerfdataJudge, AcceptsWhatTheGuidelinesAllow) {
  for (const char* perfdata :
       {"a=1", "a=1s;10;20;0;100 b=U", "a.b_c-d/e=0.5%;;;0;100", "a=-3B;~:10;@1:2", "a=1c;0:;1:"}) {
    EXPECT_TRUE(is_clean_perfdata(perfdata)) << perfdata;
  }
  EXPECT_TRUE(is_clean("PGREPL CRITICAL - it burns\nmore: 'quoted' = fine;\n"));
}

TEST(PerfdataJudge, RejectsBadPerfdata) {
  for (const char* perfdata :
       {"a",       "=1",      "a=",       "a=x",       "a=1,5",     "a=1e5",     "a=nan",
        "a=1 a=2", "'a b'=1", "a;b=1",    "a=1;10:5",  "a=1;-5",    "a=1;:",     "a=1;@",
        "a=1;:5",  "a=1;x",   "a=1;;;;;", "a=1;;;x",   "a=5;;;6",   "a=5;;;0;4", "a=1min",
        "a=Us",    "a::b=1",  "a=1  b=2", "a=1 | b=2", "\xC3\xBC=1"}) {
    EXPECT_FALSE(is_clean_perfdata(perfdata)) << perfdata;
  }
}

TEST(PerfdataJudge, RejectsBadTexts) {
  for (const char* output :
       {"", "\n", "OK\n", "PGREPL OK - fine", "PGREPL FINE - fine\n", "PGREPL OK - \n",
        "PGREPL OK - a;b\n", "PGREPL OK - it's\n", "PGREPL OK - a=b\n", "PGREPL OK - tab\there\n",
        "PGREPL OK - \xFF\n", "PGREPL OK - fine\nsecond | a=1\n", "PGREPL OK - fine\n\n",
        "PGREPL OK - $x\n"}) {
    EXPECT_FALSE(is_clean(output)) << output;
  }
  EXPECT_FALSE(is_clean("PGREPL OK - fine | " + std::string(9000, 'a') + "=1\n"));
  EXPECT_FALSE(is_clean("PGREPL OK - fine\n" + std::string(20000, 'a') + "\n"));
}

TEST(PerfdataJudge, TakesItemsApart) {
  EXPECT_EQ(
      perfdata_of("PGREPL OK - x | a=1s;2;3;4;5 b=U\n"),
      (std::vector<PerfdataItem>{{"a", "1s", "2", "3", "4", "5"}, {"b", "U", "", "", "", ""}}));
}

}  // namespace
}  // namespace pgrepl
