// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/bottleneck.h"

#include <gtest/gtest.h>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {
namespace {

constexpr std::int64_t kMegabyte = 1 << 20;

/// A minute behind, 100 MB in all: so much of it is on the standby already, so much of the rest
/// waits there to be flushed.
StandbyLag behind(std::int64_t on_the_standby, std::int64_t not_flushed) {
  StandbyLag lag;
  lag.state = LagState::streaming;
  lag.time = {.estimate = Seconds{60}, .lower = Seconds{59}, .upper = Seconds{61}};
  lag.not_replayed = 100 * kMegabyte;
  lag.received_not_replayed = on_the_standby;
  lag.not_written = kMegabyte;
  lag.not_flushed = not_flushed;
  lag.not_sent = 98 * kMegabyte - on_the_standby - not_flushed;
  return lag;
}

TEST(Bottleneck, IsReplayWhenMostOfItHasArrived) {
  EXPECT_EQ(bottleneck_of(behind(60 * kMegabyte, 0)), Bottleneck::replay);
  EXPECT_EQ(bottleneck_of(behind(60 * kMegabyte, 8 * kMegabyte)), Bottleneck::replay);
}

TEST(Bottleneck, IsTheNetworkWhenTheReceiverFlushesAMessageAtATime) {
  EXPECT_EQ(bottleneck_of(behind(0, 0)), Bottleneck::network);
  EXPECT_EQ(bottleneck_of(behind(0, 128 << 10)), Bottleneck::network);
}

TEST(Bottleneck, IsTheStandbysDiskWhenWhatTheSocketHeldWaitsToBeFlushed) {
  // The backlog lies on the primary here, too: the receiver reads nothing while it flushes.
  EXPECT_EQ(bottleneck_of(behind(0, 4 * kMegabyte)), Bottleneck::standby_disk);
}

TEST(Bottleneck, IsNoneWhileTheStandbyKeepsUp) {
  StandbyLag lag = behind(0, 0);
  lag.time.estimate = Seconds{0.3};
  lag.not_replayed = kMegabyte;
  EXPECT_EQ(bottleneck_of(lag), Bottleneck::none);
  lag.state = LagState::caught_up;
  EXPECT_EQ(bottleneck_of(lag), Bottleneck::none);
}

TEST(Bottleneck, IsNamedForAMomentThatIsWorthManyWalFiles) {
  StandbyLag lag = behind(0, 0);
  lag.time.estimate = Seconds{0.3};
  EXPECT_EQ(bottleneck_of(lag), Bottleneck::network);
}

TEST(Bottleneck, IsNoneWhereTheStateNamesAnotherReason) {
  for (const LagState state : {LagState::paused, LagState::receiver_down, LagState::archive_only,
                               LagState::blocked_by_query, LagState::delayed}) {
    StandbyLag lag = behind(60 * kMegabyte, 0);
    lag.state = state;
    EXPECT_EQ(bottleneck_of(lag), Bottleneck::none) << to_string(state);
  }
}

TEST(Bottleneck, IsNotKnownWhileNobodyKnowsHowFarThePrimaryIs) {
  for (const LagState state : {LagState::upstream_unknown, LagState::unknown}) {
    StandbyLag lag = behind(0, 0);
    lag.state = state;
    EXPECT_EQ(bottleneck_of(lag), std::nullopt) << to_string(state);
  }
}

TEST(Bottleneck, IsFoundWithoutAWalsenderRow) {
  StandbyLag lag = behind(0, 0);
  lag.not_sent = lag.not_written = lag.not_flushed = std::nullopt;
  EXPECT_EQ(bottleneck_of(lag), Bottleneck::network);
  lag.received_not_replayed = lag.not_replayed;
  EXPECT_EQ(bottleneck_of(lag), Bottleneck::replay);
}

}  // namespace
}  // namespace pgrepl
