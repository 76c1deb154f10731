// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/disk_history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/unit/analysis/moments.h"

namespace pgrepl::test {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kGigabyte = 1024.0 * 1024 * 1024;

/// Looked at from second 0 to `end`; `available` tells the room in GB at a second.
DiskHistory watched(double end, const std::function<double(double)>& available,
                    double interval = 30) {
  DiskHistory history(100);
  for (double second = 0; second <= end; second += interval) {
    history.add(at(second), static_cast<std::int64_t>(available(second) * kGigabyte));
  }
  return history;
}

/// 10 GB, less from `begin` on by so much an hour.
std::function<double(double)> filling(double begin, double per_hour) {
  return [=](double second) { return 10 - per_hour * std::max(0.0, second - begin) / kHour; };
}

double hours(const std::optional<Seconds>& time) { return time ? time->count() / kHour : -1; }

TEST(DiskHistory, TellsWhenADiskThatFillsSteadilyIsFull) {
  EXPECT_NEAR(hours(watched(kHour, filling(0, 3)).full_in()), 7.0 / 3, 0.2);
  EXPECT_NEAR(hours(watched(5 * kHour, filling(0, 0.5)).full_in()), 7.5 / 0.5, 1);
}

TEST(DiskHistory, ForecastsNothingBeforeItHasWatchedForHalfAnHour) {
  EXPECT_EQ(watched(29 * kMinute, filling(0, 10)).full_in(), std::nullopt);
  EXPECT_NE(watched(31 * kMinute, filling(0, 10)).full_in(), std::nullopt);
}

TEST(DiskHistory, ReachesEightTimesAsFarAsItHasWatched) {
  // Full in 20 hours: an hour of watching proves nothing of that, four do.
  EXPECT_EQ(watched(kHour, filling(0, 0.45)).full_in(), std::nullopt);
  EXPECT_NE(watched(5 * kHour, filling(0, 0.45)).full_in(), std::nullopt);
}

TEST(DiskHistory, SeesAFillingThatHasJustBegun) {
  const DiskHistory history = watched(5 * kHour + 45 * kMinute, filling(5 * kHour, 5));
  EXPECT_NEAR(hours(history.full_in()), (10 - 5 * 0.75) / 5, 0.3);
}

TEST(DiskHistory, TakesACopyThatEndsForNoFilling) {
  const auto copied = [](double second) { return second < 5 * kHour ? 10 : 4.0; };
  for (const double later : {10 * kMinute, 25 * kMinute, kHour}) {
    EXPECT_EQ(watched(5 * kHour + later, copied).full_in(), std::nullopt) << later;
  }
}

TEST(DiskHistory, TakesFilesThatComeAndGoForNoFilling) {
  // A temporary file of growing size every few minutes; all the room is there in between.
  const auto temporary = [](double second) {
    const bool there = std::fmod(second, 300) < 200;
    return there ? 9 - second / kHour : 10.0;
  };
  EXPECT_EQ(watched(6 * kHour, temporary).full_in(), std::nullopt);
}

TEST(DiskHistory, IsNotFilledByStandingStillOrEmptying) {
  EXPECT_EQ(watched(6 * kHour, filling(0, 0)).full_in(), std::nullopt);
  EXPECT_EQ(watched(6 * kHour, filling(0, -1)).full_in(), std::nullopt);
}

TEST(DiskHistory, IsFullNowOnceNothingIsLeft) {
  const auto to_the_end = [](double second) { return std::max(0.0, 1 - second / kHour); };
  EXPECT_EQ(watched(kHour, to_the_end).full_in(), Seconds{0});
}

TEST(DiskHistory, StaysBoundedHoweverOftenItLooks) {
  for (const double interval : {1.0, 5.0, 359.0, 360.0, 900.0}) {
    const DiskHistory history = watched(12 * kHour, filling(0, 0.1), interval);
    EXPECT_LE(history.points().size(), DiskHistory::kMaxPoints) << interval;
    EXPECT_EQ(history.watched(), DiskHistory::kWindow) << interval;
  }
}

TEST(DiskHistory, IsNotRestoredOutOfOrder) {
  const DiskPoint early{.at = at(1)}, late{.at = at(2)};
  EXPECT_EQ(DiskHistory::restored(1, {early, late}).points().size(), 2U);
  EXPECT_TRUE(DiskHistory::restored(1, {late, early}).points().empty());
}

}  // namespace
}  // namespace pgrepl::test
