// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis/moments.h"

namespace pgrepl::test {
namespace {

constexpr Lsn kStart{1000};
constexpr Lsn kNext{2000};

/// A streaming standby at some position, read at that second.
NodeSnapshot standby_at(Lsn position, double second, std::optional<Seconds> last_commit_age) {
  NodeState state;
  state.in_recovery = true;
  state.system_identifier = "7";
  state.timeline = 1;
  state.replay_lsn = position;
  state.position_read = reading_at(second);
  state.last_xact_replay_age = last_commit_age;
  state.wal_receiver.emplace().status = "streaming";
  return {.name = "b", .state = std::move(state)};
}

LagBounds time_of(const NodeSnapshot& standby, const LsnClock& clock, bool fresh = true) {
  return standby_lag(standby, {}, {.clock = &clock, .position = std::nullopt, .fresh = fresh}).time;
}

TEST(Lag, BeyondWhatTheClockRemembersEndsAtTheLastReplayedCommit) {
  LsnClock clock("7", 1);
  clock.observe(kNext, reading_at(0));
  const LagBounds lag = time_of(standby_at(kStart, 10, Seconds{60}), clock);
  EXPECT_FALSE(lag.caught_up);
  EXPECT_NEAR(lag.lower->count(), 9.98, 1e-9);
  EXPECT_NEAR(lag.upper->count(), 60.02, 1e-9) << "the age is of any moment of the reading";
  EXPECT_EQ(lag.estimate, lag.upper);
}

TEST(Lag, HasNoUpperBoundByACommitThatIsYoungerThanWhatIsMissing) {
  LsnClock clock("7", 1);
  clock.observe(kNext, reading_at(0));
  for (const double age : {9.0, -3600.0}) {
    const LagBounds lag = time_of(standby_at(kStart, 10, Seconds{age}), clock);
    EXPECT_NEAR(lag.lower->count(), 9.98, 1e-9);
    EXPECT_FALSE(lag.upper) << "the standby's calendar is wrong";
    EXPECT_FALSE(lag.estimate);
  }
}

TEST(Lag, IsNoneWhileTheStandbyHasAllThatItsSenderHasToldOfAnIdlePrimary) {
  LsnClock clock("7", 1);
  clock.hear(kStart, at(0));
  const LagBounds lag = time_of(standby_at(kStart, 10, Seconds{7200}), clock);
  EXPECT_TRUE(lag.caught_up);
  EXPECT_EQ(lag.estimate, Seconds{0});
}

TEST(Lag, IsNotKnownToBeNoneWhereNobodyHasLookedSince) {
  LsnClock clock("7", 1);
  clock.observe(kStart, reading_at(0));
  const LagBounds lag = time_of(standby_at(kStart, 10, std::nullopt), clock, false);
  EXPECT_FALSE(lag.caught_up);
  EXPECT_FALSE(lag.estimate);
  EXPECT_EQ(lag.lower, Seconds{0});
  EXPECT_NEAR(lag.upper->count(), 10.02, 1e-9);
}

TEST(Lag, ThatAQueryHoldsUpIsNamedAfterItWhileSomethingIsMissing) {
  LsnClock clock("7", 1);
  clock.observe(kStart, reading_at(0));
  NodeSnapshot standby = standby_at(kStart, 1, std::nullopt);
  standby.state->replay_conflict = true;
  const Upstream upstream{.clock = &clock, .position = std::nullopt, .fresh = true};
  EXPECT_EQ(standby_lag(standby, {}, upstream).state, LagState::caught_up);
  clock.observe(kNext, reading_at(2));
  standby.state->position_read = reading_at(3);
  EXPECT_EQ(standby_lag(standby, {}, upstream).state, LagState::blocked_by_query);
}

TEST(Lag, OfAStandbyWithoutAReceiverTellsWhetherTheArchiveFeedsIt) {
  LsnClock clock("7", 1);
  clock.observe(kNext, reading_at(0));
  NodeSnapshot standby = standby_at(kStart, 1, std::nullopt);
  standby.state->wal_receiver.reset();
  const Upstream upstream{.clock = &clock, .position = std::nullopt, .fresh = true};
  EXPECT_EQ(standby_lag(standby, {}, upstream).state, LagState::receiver_down);
  EXPECT_EQ(standby_lag(standby, {.from_archive = true}, upstream).state, LagState::archive_only);
}

}  // namespace
}  // namespace pgrepl::test
