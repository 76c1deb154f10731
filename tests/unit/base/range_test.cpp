// SPDX-License-Identifier: Apache-2.0
#include "checks/base/range.h"

#include <gtest/gtest.h>

#include <limits>

namespace pgrepl {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A spelling and the range it stands for.
struct Spelling {
  std::string text;
  Range range;
};

const std::vector<Spelling> kShortestSpellings{
    {"10", {0, 10, false}},
    {"0", {0, 0, false}},
    {"0:", {0, kInfinity, false}},
    {"10:", {10, kInfinity, false}},
    {"-10:", {-10, kInfinity, false}},
    {"~:10", {-kInfinity, 10, false}},
    {"~:-10", {-kInfinity, -10, false}},
    {"~:", {-kInfinity, kInfinity, false}},
    {"10:20", {10, 20, false}},
    {"10:10", {10, 10, false}},
    {"-20:-10", {-20, -10, false}},
    {"-20:0", {-20, 0, false}},
    {"0.001:0.5", {0.001, 0.5, false}},
    {"1073741824", {0, 1073741824, false}},
    {"@10", {0, 10, true}},
    {"@10:", {10, kInfinity, true}},
    {"@10:20", {10, 20, true}},
    {"@~:10", {-kInfinity, 10, true}},
    {"@0:", {0, kInfinity, true}},
};

TEST(Range, ReadsThePluginGrammar) {
  for (const auto& [text, range] : kShortestSpellings) {
    ASSERT_TRUE(parse_range(text).has_value()) << text;
    EXPECT_EQ(*parse_range(text), range) << text;
  }
}

TEST(Range, WritesTheShortestSpelling) {
  for (const auto& [text, range] : kShortestSpellings) EXPECT_EQ(to_string(range), text);
}

TEST(Range, ReadsLongerSpellingsOfTheSame) {
  EXPECT_EQ(parse_range("0:10"), parse_range("10"));
  EXPECT_EQ(parse_range("1e3"), parse_range("1000"));
  EXPECT_EQ(parse_range("-0:10"), parse_range("10"));
}

TEST(Range, IsAbsentForAnyOtherText) {
  for (const char* text :
       {"",     "@",         ":",      "@:",   ":10",   "@:10",    "~",        "@~",     "~10",
        "10~",  "10:~",      "10:5",   "-10",  "5:-5",  "@@10",    "10:20:30", "10::20", " 10",
        "10 ",  "1 0",       "10: 20", "1,5",  "1e999", "~:1e999", "1e999:",   "1e-999", "nan",
        "nan:", "~:nan",     "inf",    "inf:", "-inf:", "0x10",    "10s",      "10%",    "+10",
        "ten",  "10:twenty", "10@",    "\n10", "10\n"}) {
    EXPECT_FALSE(parse_range(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_range(std::string_view("10\0", 3)).has_value());
}

TEST(Range, BothEndsBelongToIt) {
  const Range range = parse_range("10:20").value();
  EXPECT_FALSE(range.alerts(10));
  EXPECT_FALSE(range.alerts(20));
  EXPECT_TRUE(range.alerts(9.999));
  EXPECT_TRUE(range.alerts(20.001));
}

TEST(Range, WithAnAtSignAlertsInside) {
  const Range range = parse_range("@10:20").value();
  EXPECT_TRUE(range.alerts(10));
  EXPECT_TRUE(range.alerts(20));
  EXPECT_FALSE(range.alerts(9.999));
}

TEST(Range, ABareNumberAlertsBelowZero) {
  EXPECT_TRUE(parse_range("10")->alerts(-1));
  EXPECT_FALSE(parse_range("~:10")->alerts(-1));
}

TEST(Range, AboveAndBelowAlertBeyondTheLimitOnly) {
  EXPECT_FALSE(above(10).alerts(10));
  EXPECT_TRUE(above(10).alerts(11));
  EXPECT_FALSE(below(10).alerts(10));
  EXPECT_TRUE(below(10).alerts(9));
}

TEST(Range, SurvivesItsSpellingForEveryMagnitude) {
  for (double end = 1e-300; end < 1e300; end *= 7.3) {
    const Range range{.start = -end / 3, .end = end, .alert_inside = true};
    EXPECT_EQ(parse_range(to_string(range)), range) << to_string(range);
  }
}

}  // namespace
}  // namespace pgrepl
