// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/analysis/lag.h"
#include "tests/unit/analysis/polled_pair.h"

namespace pgrepl::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr double kStarted = 1700000000.25;

/// A pair whose servers tell since when they run; a2 streams from a1.
PolledPair running_pair() {
  PolledPair pair;
  for (NodeState* node : {&pair.a1(), &pair.a2()}) node->postmaster_start_timestamp = kStarted;
  StatWalReceiverRow& receiver = pair.a2().wal_receiver.emplace();
  receiver.status = "streaming";
  receiver.received_tli = 1;
  receiver.last_message_age = Seconds{1};
  pair.a1().wal_senders = {{.pid = 9, .application_name = "a2", .state = "streaming"}};
  return pair;
}

void hide_systems(PolledPair& pair) {
  for (NodeState* node : {&pair.a1(), &pair.a2()}) node->system_identifier.reset();
}

/// The primary writes from second to second, and is polled.
void write_on(PolledPair& pair, double from, double to) {
  for (double second = from; second <= to; second += 5) {
    pair.a1().current_wal_flush_lsn = Lsn(static_cast<std::uint64_t>(1000 + second * 100));
    pair.poll(second);
  }
}

ClusterAnalysis analysis_of(PolledPair& pair) {
  ClusterPolicy policy;
  policy.nodes.resize(2);
  return analyze(pair.snapshot(), pair.memory, policy);
}

TEST(RecalledHistory, OfARunThatToldItIsKeptWhileItIsHidden) {
  PolledPair pair = running_pair();
  pair.poll(0);
  hide_systems(pair);
  pair.a1().timeline.reset();
  const ClusterSnapshot recalled = with_recalled_histories(pair.snapshot(), pair.memory);
  EXPECT_EQ(recalled.nodes[0].postgres.state->system_identifier, kSystem);
  EXPECT_EQ(recalled.nodes[0].postgres.state->timeline, 1U);
  EXPECT_EQ(recalled.nodes[1].postgres.state->system_identifier, kSystem);
}

TEST(RecalledHistory, IsNotThatOfAnotherRunOrAnUnknownOne) {
  PolledPair pair = running_pair();
  pair.poll(0);
  hide_systems(pair);
  pair.a1().postmaster_start_timestamp = kStarted + 1;
  pair.a2().postmaster_start_timestamp.reset();
  for (int poll = 0; poll < 2; ++poll) {  // nor is it after the restart has been remembered
    const ClusterSnapshot recalled = with_recalled_histories(pair.snapshot(), pair.memory);
    EXPECT_EQ(recalled.nodes[0].postgres.state->system_identifier, std::nullopt) << poll;
    EXPECT_EQ(recalled.nodes[1].postgres.state->system_identifier, std::nullopt) << poll;
    pair.poll(5 + poll);
  }
}

TEST(RecalledHistory, GivesNoStandbyAndNoneJustPromotedATimeline) {
  PolledPair pair = running_pair();
  pair.poll(0);
  pair.a2().timeline.reset();
  EXPECT_EQ(with_recalled_histories(pair.snapshot(), pair.memory).nodes[1].postgres.state->timeline,
            std::nullopt)
      << "it may follow to another one at any time";
  PolledPair::promote(pair.a2(), 2, Lsn(1000));
  pair.a2().timeline.reset();
  for (int poll = 0; poll < 3; ++poll) {
    pair.poll(5 + poll);
    const ClusterSnapshot recalled = with_recalled_histories(pair.snapshot(), pair.memory);
    EXPECT_EQ(recalled.nodes[1].postgres.state->timeline, std::nullopt) << "1 was before";
  }
}

TEST(UntoldHistory, OfOnePollResetsNothingThatWasSeenBefore) {
  PolledPair pair = running_pair();
  pair.a1().slots = {{.slot_name = "a2_slot"}};
  write_on(pair, 0, 50);
  hide_systems(pair);
  pair.a1().timeline.reset();
  write_on(pair, 55, 55);
  EXPECT_EQ(analysis_of(pair).nodes[1].lag->time.estimate.has_value(), true);
  for (NodeState* node : {&pair.a1(), &pair.a2()}) node->system_identifier = kSystem;
  pair.a1().timeline = 1;
  write_on(pair, 60, 60);
  ASSERT_THAT(pair.memory.clocks, SizeIs(1));
  EXPECT_EQ(pair.memory.clocks[0].samples().front().first_seen, reading_at(0).ended);
  EXPECT_EQ(pair.memory.slot_inactive_since.at({"a1", "a2_slot"}), at(0.1));
  EXPECT_EQ(pair.memory.primary_since.at("a1").seen, reading_at(0).ended);
  EXPECT_GT(pair.memory.lag_history.at("a2").points().size(), 1U);
  EXPECT_THAT(pair.memory.journal, IsEmpty());
}

TEST(UntoldHistory, DoesNotMakeAPrimaryOneThatBeganLater) {
  PolledPair pair;
  const auto since = [&] { return pair.memory.primary_since.at("a1"); };
  pair.a1().timeline.reset();
  pair.poll(0);
  EXPECT_EQ(since(), (PrimarySince{.timeline = 0, .seen = reading_at(0).ended}));
  pair.a1().timeline = 1;
  pair.poll(5);
  EXPECT_EQ(since(), (PrimarySince{.timeline = 1, .seen = reading_at(0).ended}));
  pair.a1().timeline.reset();
  pair.memory.last_answer.clear();  // so that nothing else recalls the timeline
  pair.poll(10);
  EXPECT_EQ(since(), (PrimarySince{.timeline = 1, .seen = reading_at(0).ended}));
  pair.a1().timeline = 2;
  pair.poll(15);
  EXPECT_EQ(since(), (PrimarySince{.timeline = 2, .seen = reading_at(15).ended}));
}

TEST(UntoldHistory, IsMeasuredFromTheStartWhereTheStandbyStreams) {
  PolledPair pair = running_pair();
  hide_systems(pair);
  write_on(pair, 0, 50);
  const auto lag = analysis_of(pair).nodes[1].lag;
  EXPECT_EQ(lag->state, LagState::streaming);
  EXPECT_EQ(lag->not_replayed, 5000);
  EXPECT_GT(lag->time.lower, Seconds{40});
  pair.a1().wal_senders.clear();
  pair.a2().wal_receiver.reset();
  write_on(pair, 55, 55);
  EXPECT_EQ(analysis_of(pair).nodes[1].lag->state, LagState::upstream_unknown)
      << "it may be a copy of anything";
}

TEST(UntoldHistory, TakesItsPastAlongOnceItIsTold) {
  PolledPair pair = running_pair();
  hide_systems(pair);
  pair.a1().timeline.reset();
  write_on(pair, 0, 20);
  ASSERT_THAT(pair.memory.clocks, SizeIs(1));
  EXPECT_TRUE(is_of_a_run(pair.memory.clocks[0]));
  pair.a1().timeline = 1;
  write_on(pair, 25, 25);
  for (NodeState* node : {&pair.a1(), &pair.a2()}) node->system_identifier = kSystem;
  write_on(pair, 30, 30);
  ASSERT_THAT(pair.memory.clocks, SizeIs(1));
  EXPECT_EQ(pair.memory.clocks[0].system_identifier(), kSystem);
  EXPECT_EQ(pair.memory.clocks[0].timeline(), 1U);
  EXPECT_EQ(pair.memory.clocks[0].samples().front().first_seen, reading_at(0).ended);
}

TEST(UntoldHistory, IsAnotherOneAfterARestartAndOnAnotherNode) {
  PolledPair pair = running_pair();
  hide_systems(pair);
  pair.a1().timeline.reset();
  write_on(pair, 0, 20);
  pair.a1().postmaster_start_timestamp = kStarted + 21;
  write_on(pair, 25, 25);
  EXPECT_THAT(pair.memory.clocks, SizeIs(2));
  pair.silence(0);
  PolledPair::promote(pair.a2(), 2, Lsn(9000));
  pair.a2().timeline.reset();
  pair.poll(30);
  EXPECT_THAT(pair.memory.clocks, SizeIs(3)) << "no two histories in one clock";
}

TEST(UntoldHistory, OfARunThatIsUnknownTooHasNoClock) {
  PolledPair pair;
  hide_systems(pair);
  write_on(pair, 0, 20);
  EXPECT_THAT(pair.memory.clocks, IsEmpty());
  EXPECT_EQ(analysis_of(pair).nodes[1].lag->state, LagState::upstream_unknown);
}

TEST(SameSystem, IsUnknownWhereOneDoesNotTell) {
  NodeState one, other;
  EXPECT_EQ(same_system(one, other), std::nullopt) << "two unknown ones are not alike";
  one.system_identifier = "7";
  EXPECT_EQ(same_system(one, other), std::nullopt);
  other.system_identifier = "8";
  EXPECT_EQ(same_system(one, other), false);
  other.system_identifier = "7";
  EXPECT_EQ(same_system(one, other), true);
}

}  // namespace
}  // namespace pgrepl::test
