// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag_history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/unit/analysis/moments.h"

namespace pgrepl::test {
namespace {

constexpr double kPoll = 5;

/// Polled from second 0 to `end`; `missing` tells the lag in bytes at a second.
LagHistory polled(double end, const std::function<double(double)>& missing, double poll = kPoll) {
  LagHistory history(1);
  for (double second = 0; second <= end; second += poll) {
    const auto written = static_cast<std::int64_t>(1e9 + 1000 * second);
    const auto lag = static_cast<std::int64_t>(missing(second));
    history.add(at(second), Lsn(static_cast<std::uint64_t>(written - lag)), lag);
  }
  return history;
}

TEST(LagHistory, GrowsForAsLongAsItHasBeenGrowing) {
  const auto steadily = [](double second) { return 1000 * second; };
  EXPECT_EQ(polled(100, steadily).growing_for(), Seconds{0}) << "not watched for two minutes";
  EXPECT_NEAR(polled(300, steadily).growing_for().count(), 300, 20);
  EXPECT_NEAR(polled(7200, steadily).growing_for().count(), 900, 20) << "as far as it remembers";
  EXPECT_NEAR(*polled(300, steadily).growth(), 1000, 1);
  EXPECT_NEAR(*polled(300, steadily).replay_rate(), 0, 1);
}

TEST(LagHistory, DoesNotGrowWhileItStandsOrShrinks) {
  EXPECT_EQ(polled(900, [](double) { return 1e8; }).growing_for(), Seconds{0});
  EXPECT_EQ(polled(900, [](double) { return 0; }).growing_for(), Seconds{0});
  EXPECT_EQ(polled(900, [](double second) { return 1e9 - 1000 * second; }).growing_for(),
            Seconds{0});
}

TEST(LagHistory, DoesNotGrowOnceItHasStoodStillForTwoMinutes) {
  const auto stops_at_600 = [](double second) { return 1000 * std::min(second, 600.0); };
  EXPECT_GT(polled(600, stops_at_600).growing_for(), Seconds{500});
  EXPECT_EQ(polled(720, stops_at_600).growing_for(), Seconds{0});
}

TEST(LagHistory, TakesNoBurstForGrowthThatIsReplayedBeforeTheNext) {
  // Each burst is larger than the one before, and replayed in 16 of its 25 seconds.
  const auto sawtooth = [](double second) {
    const double replayed = std::min(1.0, std::fmod(second, 25.0) / 16);
    return (1e8 + 1e6 * second) * (1 - replayed);
  };
  EXPECT_EQ(polled(900, sawtooth).growing_for(), Seconds{0});
}

TEST(LagHistory, SeesGrowthThroughBursts) {
  const auto rising_bursts = [](double second) {
    return 1e6 * second + (std::fmod(second, 20.0) < 10 ? 3e7 : 0);
  };
  EXPECT_GT(polled(900, rising_bursts).growing_for(), Seconds{600});
}

TEST(LagHistory, ClaimsNothingOverAGap) {
  LagHistory history = polled(300, [](double second) { return 1000 * second; });
  history.add(at(1000), Lsn(5), 1000000);
  EXPECT_EQ(history.growing_for(), Seconds{0});
  EXPECT_EQ(history.growth(), std::nullopt);
}

TEST(LagHistory, IgnoresALookThatCameLate) {
  LagHistory history = polled(60, [](double) { return 7; });
  const LagHistory before = history;
  history.add(at(30), Lsn(5), 9);
  EXPECT_EQ(history, before);
}

TEST(LagHistory, StaysBoundedWhateverThePollIntervalAndCoversItsWindow) {
  for (const double poll : {0.05, 1.0, 4.9, 5.0, 14.9, 15.0, 60.0}) {
    const LagHistory history = polled(
        3600, [](double second) { return 1000 * second; }, poll);
    EXPECT_LE(history.points().size(), LagHistory::kMaxPoints) << poll;
    const Seconds covered = elapsed(history.points().front().at, history.points().back().at);
    EXPECT_GE(covered, LagHistory::kWindow - Seconds{60}) << poll;
    EXPECT_GT(history.growing_for(), Seconds{poll > 30 ? -1.0 : 800.0}) << poll;
  }
}

TEST(LagHistory, IsNotRestoredOutOfOrder) {
  const LagPoint early{.at = at(1)}, late{.at = at(2)};
  EXPECT_EQ(LagHistory::restored(1, {early, late}).points().size(), 2U);
  EXPECT_TRUE(LagHistory::restored(1, {late, early}).points().empty());
}

}  // namespace
}  // namespace pgrepl::test
