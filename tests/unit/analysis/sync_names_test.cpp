// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/sync_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/analysis/random_sync_names.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr auto kPriority = SyncMethod::priority;
constexpr auto kQuorum = SyncMethod::quorum;

struct Accepted {
  std::string setting;
  SyncNames demand;
};

TEST(SyncNames, ReadsEveryFormOfTheGrammar) {
  const Accepted all[] = {
      {"", {kPriority, 0, {}}},
      {"a2", {kPriority, 1, {"a2"}}},
      {"a2, a3", {kPriority, 1, {"a2", "a3"}}},
      {"*", {kPriority, 1, {"*"}}},
      {"\"wallix-a2\"", {kPriority, 1, {"wallix-a2"}}},
      {"2 (a2, a3, a4)", {kPriority, 2, {"a2", "a3", "a4"}}},
      {"FIRST 2 (a2, a3)", {kPriority, 2, {"a2", "a3"}}},
      {"First 1(a2)", {kPriority, 1, {"a2"}}},
      {"ANY 1 (a2, a3)", {kQuorum, 1, {"a2", "a3"}}},
      {"any 2 (\"*\")", {kQuorum, 2, {"*"}}},
      {" \t\n\v a2\f\r", {kPriority, 1, {"a2"}}},
  };
  for (const Accepted& one : all) {
    const auto read = parse_sync_names(one.setting);
    ASSERT_TRUE(read) << one.setting << ": " << read.error();
    EXPECT_EQ(*read, one.demand) << one.setting;
  }
}

TEST(SyncNames, TakesNamesAsTheScannerDoes) {
  const auto names = [](std::string_view setting) { return parse_sync_names(setting)->names; };
  EXPECT_THAT(names("2"), ElementsAre("2"));
  EXPECT_THAT(names("2, 007"), ElementsAre("2", "007"));
  EXPECT_THAT(names("Any1, FIRSTLY"), ElementsAre("Any1", "FIRSTLY"));
  EXPECT_THAT(names("\"any\",\"FIRST\""), ElementsAre("any", "FIRST"));
  EXPECT_THAT(names("\"say \"\"hi\"\"\""), ElementsAre("say \"hi\""));
  EXPECT_THAT(names("\"\""), ElementsAre(""));
  EXPECT_THAT(names("_a$2, \xc3\xbc"), ElementsAre("_a$2", "\xc3\xbc"));
  EXPECT_THAT(names("\"15/main\""), ElementsAre("15/main"));
}

TEST(SyncNames, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> all[] = {
      {"wallix-a2", "character 7: a name with '-' in it must stand in double quotes"},
      {"a2,", "character 4: expected a name, and the text ends"},
      {"a2 a3", "character 4: expected ',', found 'a3'"},
      {"1a", "character 2: expected ',', found 'a'"},
      {"FIRST 2 (a2", "character 12: expected ',' or ')', and the text ends"},
      {"FIRST 2 (a2) x", "character 14: expected the end, found 'x'"},
      {"FIRST (a2)", "character 7: expected a number, found '('"},
      {"ANY 1 a2", "character 7: expected '(', found 'a2'"},
      {"2 ()", "character 4: expected a name, found ')'"},
      {"(a2)", "character 1: expected a name, found '('"},
      {"a2, any", "character 5: a standby called any must stand in double quotes"},
      {"\"a2", "character 1: the closing quote is missing"},
      {"FIRST 0 (a2)", "character 7: the number of standbys must be greater than zero"},
      {" ", "character 2: expected a name, and the text ends"},
      {"'a2'", "character 1: expected a name, found '''"},
  };
  for (const auto& [setting, problem] : all) {
    const auto read = parse_sync_names(setting);
    ASSERT_FALSE(read) << setting;
    EXPECT_EQ(read.error(), problem) << setting;
  }
}

TEST(SyncNames, CountsLikeThePostgresqlThatLetsIntegersWrap) {
  EXPECT_EQ(parse_sync_names("4294967297 (a2)")->count, 1);
  EXPECT_FALSE(parse_sync_names("4294967296 (a2)"));
  EXPECT_FALSE(parse_sync_names("99999999999999999999 (a2)"));
}

TEST(SyncNames, MatchesNamesWithoutRegardToCase) {
  const SyncNames demand = *parse_sync_names("Wallix_A2, \"b-3\"");
  EXPECT_TRUE(names_standby(demand, "wallix_a2"));
  EXPECT_TRUE(names_standby(demand, "B-3"));
  EXPECT_FALSE(names_standby(demand, "wallix_a"));
  EXPECT_FALSE(names_standby(demand, "wallix_a22"));
  EXPECT_FALSE(names_standby(demand, ""));
}

TEST(SyncNames, LetsAStarMatchAnybodyAlsoAQuotedOne) {
  for (const char* setting : {"*", "\"*\"", "a2, *"}) {
    EXPECT_TRUE(names_standby(*parse_sync_names(setting), "15/main")) << setting;
  }
  EXPECT_FALSE(names_standby(*parse_sync_names("\"a*\""), "a2"));
}

TEST(SyncNames, NamesNobodyWhenEmpty) {
  EXPECT_FALSE(names_standby(*parse_sync_names(""), ""));
  EXPECT_EQ(to_setting(SyncNames{}), "");
}

TEST(SyncNames, SurviveWritingAndReading) {
  test::Dice dice(1);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string setting = test::random_sync_names(dice);
    const auto read = parse_sync_names(setting);
    if (!read) {
      EXPECT_THAT(read.error(), StartsWith("character ")) << setting;
      continue;
    }
    ++accepted;
    const auto again = parse_sync_names(to_setting(*read));
    ASSERT_TRUE(again) << setting;
    EXPECT_EQ(*again, *read) << setting;
  }
  EXPECT_GT(accepted, 1000);
}

TEST(SyncNames, EndsOnAnyBytes) {
  test::Dice dice(2);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes;
    for (auto left = dice.up_to(12); left > 0; --left) bytes += static_cast<char>(dice.up_to(255));
    const auto read = parse_sync_names(bytes);
    EXPECT_TRUE(!read || read->names.empty() == bytes.empty());
  }
}

}  // namespace
}  // namespace pgrepl
