// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag.h"

#include <gtest/gtest.h>

#include <utility>

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

TEST(Lag, BeyondWhatTheClockRemembersIsEstimatedByTheLastReplayedCommit) {
  LsnClock clock("7", 1);
  clock.observe(kNext, reading_at(0));
  const LagBounds lag = time_of(standby_at(kStart, 10, Seconds{60}), clock);
  EXPECT_FALSE(lag.caught_up);
  EXPECT_NEAR(lag.lower->count(), 9.98, 1e-9);
  EXPECT_EQ(lag.estimate, Seconds{60});
  EXPECT_FALSE(lag.upper) << "two servers' calendars make that age: it proves nothing";
}

TEST(Lag, IsNotEstimatedByACommitThatIsYoungerThanWhatIsMissing) {
  LsnClock clock("7", 1);
  clock.observe(kNext, reading_at(0));
  for (const double age : {9.0, -3600.0}) {
    const LagBounds lag = time_of(standby_at(kStart, 10, Seconds{age}), clock);
    EXPECT_NEAR(lag.lower->count(), 9.98, 1e-9);
    EXPECT_FALSE(lag.estimate) << "the standby's calendar is wrong";
  }
}

TEST(Lag, IsNotProvedToBeNoneByAllThatTheSenderHasToldOfThePrimary) {
  LsnClock clock("7", 1);
  clock.hear(kStart, at(0));
  const NodeSnapshot standby = standby_at(kStart, 10, Seconds{7200});
  const StandbyLag lag =
      standby_lag(standby, {}, {.clock = &clock, .position = std::nullopt, .heard = true});
  EXPECT_TRUE(lag.time.caught_up) << "it has all that is known";
  EXPECT_FALSE(lag.time.estimate) << "the primary may have lost its standby a moment ago";
  EXPECT_EQ(lag.state, LagState::streaming);
  EXPECT_EQ(lag.bottleneck, Bottleneck::none);
}

TEST(Lag, HasNoUpperBoundOnAnEarlierTimelineThanThePrimarys) {
  LsnClock clock("7", 2);
  clock.observe(kStart, reading_at(0));
  clock.observe(kNext, reading_at(5));
  NodeSnapshot standby = standby_at(kStart, 10, std::nullopt);
  standby.state->timeline = 2;
  EXPECT_TRUE(time_of(standby, clock).upper);
  standby.state->timeline = 1;
  EXPECT_EQ(time_of(standby, clock).lower, time_of(standby_at(kStart, 10, {}), clock).lower);
  EXPECT_FALSE(time_of(standby, clock).upper) << "it may have left that history before";
  EXPECT_FALSE(time_of(standby, clock).estimate);
}

TEST(Lag, OfTheLastPrimaryIsNotMeasuredByItsOwnPast) {
  LsnClock clock("7", 1);
  clock.observe(kStart, reading_at(0));
  NodeSnapshot standby = standby_at(kStart, 10, std::nullopt);
  const Upstream upstream{.clock = &clock, .position = std::nullopt, .former = standby.name};
  standby.state->wal_receiver.reset();
  EXPECT_EQ(standby_lag(standby, {}, upstream).time, LagBounds{});
  EXPECT_EQ(standby_lag(standby, {}, upstream).state, LagState::upstream_unknown);
  EXPECT_FALSE(data_loss(standby, {}, upstream));
}

TEST(Lag, IsMeasuredByTheNewestHistoryWhileNoPrimaryIsInSight) {
  ClusterMemory memory;
  memory.clocks = {LsnClock("8", 9), LsnClock("7", 3), LsnClock("7", 2)};
  EXPECT_EQ(find_upstream({}, memory, {}).clock->timeline(), 3U);
}

TEST(Lag, TakesAMessageFromTheFutureForNoSignOfLife) {
  NodeSnapshot standby = standby_at(kStart, 10, std::nullopt);
  const std::pair<double, bool> ages[]{{-3600, false}, {-0.001, true}, {30, true}, {41, false}};
  for (const auto& [age, hears] : ages) {
    standby.state->wal_receiver->last_message_age = Seconds{age};
    EXPECT_EQ(hears_its_sender(standby), hears) << age;
  }
}

TEST(DataLoss, HasNoLowerBoundBeforeAnythingWasReceivedSinceTheRestart) {
  LsnClock clock("7", 1);
  clock.observe(kStart, reading_at(0));
  clock.observe(kNext, reading_at(5));
  NodeSnapshot standby = standby_at(kStart, 10, std::nullopt);
  const Upstream upstream{.clock = &clock, .position = kNext, .fresh = true};
  EXPECT_EQ(data_loss(standby, {}, upstream)->time.lower, Seconds{0}) << "pg_wal may hold more";
  standby.state->receive_lsn = kStart;
  EXPECT_GT(data_loss(standby, {}, upstream)->time.lower, Seconds{4});
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

TEST(Lag, HasNoKnownStateWhereNobodyMayLookWhetherReplayIsPaused) {
  LsnClock clock("7", 1);
  clock.observe(kStart, reading_at(0));
  NodeSnapshot standby = standby_at(kStart, 1, std::nullopt);
  standby.state->replay_paused.reset();
  standby.state->missing.replay = Failure{FailureClass::permission, "permission denied"};
  const Upstream upstream{.clock = &clock, .position = std::nullopt, .fresh = true};
  EXPECT_EQ(standby_lag(standby, {}, upstream).state, LagState::caught_up);
  clock.observe(kNext, reading_at(2));
  standby.state->position_read = reading_at(3);
  const StandbyLag lag = standby_lag(standby, {}, upstream);
  EXPECT_EQ(lag.state, LagState::unknown);
  EXPECT_EQ(lag.bottleneck, std::nullopt);
  EXPECT_TRUE(lag.time.lower) << "how far it is behind is known all the same";
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
