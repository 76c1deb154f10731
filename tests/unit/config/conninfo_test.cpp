// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/conninfo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/config/read_cluster.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Conninfo, ReadsKeywordsAndValues) {
  const auto parts = parse_conninfo("host=a port=5433 user='a user'");
  ASSERT_TRUE(parts);
  EXPECT_THAT(parts->keywords,
              testing::UnorderedElementsAre(Pair("host", "a"), Pair("port", "5433"),
                                            Pair("user", "a user")));
  EXPECT_TRUE(parts->password.empty());
}

TEST(Conninfo, SetsThePasswordOfAUriApart) {
  const auto parts = parse_conninfo("postgresql://me:p%40ss@db.example/postgres");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->password.reveal(), "p@ss");
  EXPECT_EQ(keyword(parts->keywords, "password"), "");
  EXPECT_EQ(keyword(parts->keywords, "host"), "db.example");
}

TEST(Keyword, OfSeveralValuesIsTheLastOne) {
  EXPECT_EQ(keyword({{"host", "a"}, {"host", "b"}}, "host"), "b");
  EXPECT_EQ(keyword({{"host", "a"}}, "port"), "");
}

TEST(Conninfo, TellsAllMistakesOfAString) {
  const auto parts = parse_conninfo("host=a,b port=0 options=x");
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().size(), 3U);
}

TEST(Conninfo, TakesSeveralHostsForOneMistake) {
  const auto parts = parse_conninfo("host=a,b hostaddr=10.0.0.1,10.0.0.2 port=1,2");
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.error().size(), 1U);
}

TEST(NodeName, MayHoldWhatServersUse) {
  EXPECT_TRUE(is_good_name("wallix-a1"));
  EXPECT_TRUE(is_good_name("15/main"));
  EXPECT_TRUE(is_good_name("db 1.example:5432"));
}

TEST(NodeName, MayNotHoldWhatOutputsWouldChange) {
  for (const char* name :
       {"", " a", "a ", "a|b", "a;b", "a=b", "a'b", "a\"b", "a\\b", "a\nb", "é"}) {
    EXPECT_FALSE(is_good_name(name)) << name;
  }
}

}  // namespace
}  // namespace pgrepl
