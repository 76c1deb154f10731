// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/plugin_text.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

TEST(FirstLine, HasNoBarWithoutPerfdata) {
  EXPECT_EQ(first_line(State::ok, "all is fine", Perfdata(100)), "PGREPL OK - all is fine");
}

TEST(FirstLine, CutsAnEndlessSentence) {
  Perfdata perfdata(100);
  perfdata.add("a", {.value = 1});
  const std::string line = first_line(State::critical, std::string(100000, 'x'), perfdata);
  EXPECT_LT(line.size(), kSentenceLimit + 50);
  EXPECT_TRUE(line.ends_with("x... | a=1"));
}

TEST(LongOutput, KeepsCommandsButNoBar) {
  LongOutput below(100);
  below.add("psql -c \"select 1 = 1;\" | less");
  EXPECT_EQ(below.text(), "psql -c \"select 1 = 1;\" \u00A6 less\n");
}

TEST(LongOutput, CountsWhatDoesNotFit) {
  LongOutput below(10);
  for (const char* line : {"12345", "123456", "1"}) below.add(line);
  EXPECT_EQ(below.text(), "12345\n(2 more lines left out)\n");
}

}  // namespace
}  // namespace pgrepl
