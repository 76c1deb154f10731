// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/grading.h"

#include <gtest/gtest.h>

#include "checks/catalogue/catalogue.h"

namespace pgrepl {
namespace {

Grading lag_between(std::optional<double> lower, std::optional<double> upper) {
  const Reading reading{.node = "a2",
                        .values = {{.measure = "lag", .lower = lower, .upper = upper}}};
  return grade_values(*find_check("replay_lag"), reading, {});
}

TEST(Grading, IsCriticalWhenEvenTheLowerBoundIsBeyondTheLimit) {
  EXPECT_EQ(lag_between(26, 90).state, State::critical);
}

TEST(Grading, IsOkWhenEvenTheUpperBoundIsWithinTheLimit) {
  const Grading grading = lag_between(2, 9);
  EXPECT_EQ(grading.state, State::ok);
  EXPECT_TRUE(grading.certain);
}

TEST(Grading, WarnsWithoutCertaintyWhenTheBoundsEncloseTheLimit) {
  const Grading grading = lag_between(2, 4000);
  EXPECT_EQ(grading.state, State::warning);
  EXPECT_FALSE(grading.certain);
}

TEST(Grading, IsNeverOkFromTheLowerBoundAlone) {
  EXPECT_EQ(lag_between(0, std::nullopt).state, State::unknown);
  EXPECT_EQ(lag_between(30, std::nullopt).state, State::critical);
}

TEST(Grading, TakesTheNearestLevelThatNamesALimit) {
  const auto level = [](double warning) {
    return ThresholdLevel{
        {{"replay_lag", "lag"}, Limits{.warning = above(warning), .critical = {}}}};
  };
  const Thresholds thresholds{level(1), level(2), {{"a2", level(3)}}};
  const Limits defaults = default_limits(find_check("replay_lag")->measures.front());
  EXPECT_EQ(thresholds.resolve("replay_lag", "lag", "a2", defaults).warning, above(3));
  EXPECT_EQ(thresholds.resolve("replay_lag", "lag", "a1", defaults).warning, above(2));
  EXPECT_EQ(thresholds.resolve("replay_lag", "lag", "a2", defaults).critical, above(25));
}

TEST(Grading, CountsOnlyBeyondWhatAMeasureNeeds) {
  const auto growing = [](double lag, double bytes, const Thresholds& thresholds) {
    const Reading reading{.node = "a2",
                          .values = {{.measure = "growing", .value = 700},
                                     {.measure = "lag", .value = lag},
                                     {.measure = "bytes", .value = bytes}}};
    return grade_values(*find_check("lag_growth"), reading, thresholds);
  };
  EXPECT_EQ(growing(9, 1e10, {}).state, State::ok);
  EXPECT_EQ(growing(11, 1e6, {}).state, State::warning);
  EXPECT_EQ(growing(11, 1e10, {}).state, State::critical);
  EXPECT_EQ(growing(9, 1e10, {}).measures.front().critical, above(600)) << "shown all the same";
  const Limits patient{.warning = above(20), .critical = {}};
  EXPECT_EQ(growing(11, 1e10, Thresholds{{{{"replay_lag", "lag"}, patient}}, {}, {}}).state,
            State::ok);
}

TEST(Grading, JudgesALowerLimitFromBelow) {
  const auto free = [](double value) {
    const Reading reading{.node = "a1", .values = {{.measure = "free", .value = value}}};
    return grade_values(*find_check("wal_senders"), reading, {}).state;
  };
  EXPECT_EQ(free(2), State::ok);
  EXPECT_EQ(free(1), State::warning);
  EXPECT_EQ(free(0), State::critical);
}

}  // namespace
}  // namespace pgrepl
