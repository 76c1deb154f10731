// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/support/situations.h"
#include "tests/unit/analysis/dice.h"

namespace pgrepl {
namespace {

using test::Dice;
using test::Situation;
using testing::SizeIs;

Settings rewindable(bool wal_log_hints, bool data_checksums) {
  Settings settings;
  settings.wal_log_hints = wal_log_hints;
  settings.data_checksums = data_checksums;
  return settings;
}

/// a1 is primary on timeline 1 and was last seen at `written`; its standby a2 had replayed up to
/// 1000, was promoted, and was first seen on timeline 2 at 1100.  a1 has been silent since.
class Failover {
 public:
  explicit Failover(std::uint64_t written,
                    std::optional<Settings> settings = rewindable(true, true))
      : nodes_("Ps") {
    a1().settings.value = std::move(settings);
    a1().current_wal_flush_lsn = Lsn(written);
    a2().replay_lsn = Lsn(1000);
    nodes_.analyze();
    old_primary_ = std::exchange(nodes_.snapshot.nodes[0].postgres.state,
                                 Failed{Failure{FailureClass::refused, "refused"}});
    promote(a2(), 2, 1100);
    nodes_.analyze();
  }

  static void promote(NodeState& node, std::uint32_t timeline, std::uint64_t position) {
    node.in_recovery = false;
    node.timeline = timeline;
    node.current_wal_flush_lsn = Lsn(position);
    node.replay_lsn.reset();
    node.wal_receiver.reset();
  }

  /// a1 answers again, in recovery and without a receiver.
  void start_as_standby(std::uint64_t position) {
    wake();
    a1().in_recovery = true;
    a1().wal_senders.clear();
    a1().current_wal_flush_lsn.reset();
    a1().replay_lsn = Lsn(position);
  }
  /// a1 answers again, as primary.
  void wake() { nodes_.snapshot.nodes[0].postgres.state = old_primary_; }

  NodeState& a1() { return nodes_.state(0); }
  NodeState& a2() { return nodes_.state(1); }
  Situation& nodes() { return nodes_; }

  TimelineAnalysis old_primary() { return nodes_.analyze().nodes[0].timeline.value(); }

 private:
  Situation nodes_;
  Result<NodeState, Failure> old_primary_ = Failed{Failure{}};
};

TEST(Fork, IsKnownAsAnIntervalThatThePromotionWasSeenIn) {
  const TimelineAnalysis old = Failover(2000).old_primary();
  EXPECT_EQ(old.fork, (ForkInterval{Lsn(1000), Lsn(1100)}));
  EXPECT_EQ(Failover(2000).nodes().analyze().last_fork, old.fork);
}

TEST(Fork, IsExactWhereThePromotedServerTellsIt) {
  Failover failover(1060);
  failover.a2().recovery_end_lsn = Lsn(1050);
  EXPECT_EQ(failover.old_primary().fork, (ForkInterval{Lsn(1000), Lsn(1100)})) << "a crash's end?";
  failover.a2().was_streamed_to = true;
  EXPECT_EQ(failover.old_primary().fork, (ForkInterval{Lsn(1050), Lsn(1050)}));
  EXPECT_EQ(failover.old_primary().descent, Descent::forked);
  EXPECT_EQ(failover.old_primary().own_at_least, 10);
}

TEST(Fork, OfTheFirstPromotionNeedsNoMemory) {
  Situation nodes("Pn");
  NodeState& promoted = nodes.state(0);
  promoted.timeline = 2;
  promoted.recovery_end_lsn = Lsn(1050);
  EXPECT_FALSE(nodes.analyze().nodes[1].timeline->fork);
  promoted.was_streamed_to = true;
  EXPECT_EQ(nodes.analyze().nodes[1].timeline->fork, (ForkInterval{Lsn(1050), Lsn(1050)}));
  promoted.timeline = 3;
  EXPECT_FALSE(nodes.analyze().nodes[1].timeline->fork) << "of timeline 1 or 2?";
}

TEST(Fork, IsBoundedByWhereACrashedPrimaryHasRecoveredTo) {
  Situation nodes("Ps");
  nodes.state(1).replay_lsn = Lsn(1000);
  nodes.analyze();
  Failover::promote(nodes.state(1), 2, 9000);
  nodes.state(1).recovery_end_lsn = Lsn(1500);
  EXPECT_EQ(nodes.analyze().nodes[0].timeline->fork, (ForkInterval{Lsn(1000), Lsn(1500)}));
}

TEST(Fork, IsNotKnownIfATimelineInBetweenWasMissed) {
  Situation nodes("Ps");
  nodes.analyze();
  Failover::promote(nodes.state(1), 3, 0x4000000);
  EXPECT_FALSE(nodes.analyze().nodes[0].timeline->fork);
}

TEST(Fork, OverSeveralPromotionsIsTheEarliest) {
  ClusterMemory memory;
  memory.forks = {{"7", 2, "a2", Lsn(1000), Lsn(1100)},
                  {"7", 3, "a1", Lsn(1050), Lsn(1400)},
                  {"8", 3, "a1", Lsn(1), Lsn(2)}};
  EXPECT_EQ(fork_between(memory, "7", 1, 3, "a1"), (ForkInterval{Lsn(1000), Lsn(1100)}));
  EXPECT_EQ(fork_between(memory, "7", 2, 3, "a1"), (ForkInterval{Lsn(1050), Lsn(1400)}));
  EXPECT_FALSE(fork_between(memory, "7", 1, 4, "a1"));
}

TEST(Fork, OfANumberThatTwoNodesTookIsThePrimarysOwn) {
  ClusterMemory memory;
  memory.forks = {{"7", 2, "a1", Lsn(500), Lsn(600)}, {"7", 2, "a2", Lsn(1000), Lsn(1100)}};
  EXPECT_EQ(fork_between(memory, "7", 1, 2, "a2"), (ForkInterval{Lsn(1000), Lsn(1100)}));
  EXPECT_EQ(fork_between(memory, "7", 1, 2, "a3"), (ForkInterval{Lsn(500), Lsn(1100)}));
}

TEST(Fork, IsRememberedOfTheLastSixteenPromotions) {
  Situation nodes("sP");
  NodeState& node = nodes.state(0);
  for (std::uint32_t timeline = 1; timeline <= 20; ++timeline) {
    node.in_recovery = true;
    node.timeline = timeline;
    node.replay_lsn = Lsn(1000 * timeline);
    nodes.analyze();
    Failover::promote(node, timeline + 1, 1000 * timeline + 100);
    nodes.analyze();
  }
  ASSERT_THAT(nodes.memory.forks, SizeIs(ClusterMemory::kMaxForks));
  EXPECT_EQ(nodes.memory.forks.back().timeline, 21U);
}

// The old primary after a failover.

TEST(OldPrimary, ThatWasSeenBeyondTheForkIsForked) {
  const TimelineAnalysis old = Failover(2000).old_primary();
  EXPECT_EQ(old.descent, Descent::forked);
  EXPECT_EQ(old.timeline, 1U);
  EXPECT_EQ(old.own_at_least, 900);
  EXPECT_FALSE(old.own_at_most) << "it may have written more before it died";
}

TEST(OldPrimary, ThatWasNotSeenBeyondTheForkIsUndecidedBecauseItMayHaveWrittenOn) {
  for (const std::uint64_t written : {1000U, 1050U, 1100U}) {
    const TimelineAnalysis old = Failover(written).old_primary();
    EXPECT_EQ(old.descent, Descent::unknown) << written;
    EXPECT_EQ(old.rejoin, RejoinWay::unknown) << written;
  }
}

TEST(OldPrimary, NeedsRewindOnlyWhereThatIsPossible) {
  EXPECT_EQ(Failover(2000, rewindable(true, false)).old_primary().rejoin, RejoinWay::rewind);
  EXPECT_EQ(Failover(2000, rewindable(false, true)).old_primary().rejoin, RejoinWay::rewind);
  EXPECT_EQ(Failover(2000, rewindable(false, false)).old_primary().rejoin, RejoinWay::base_backup);
  EXPECT_EQ(Failover(2000, std::nullopt).old_primary().rejoin, RejoinWay::unknown);
}

TEST(OldPrimary, ThatComesBackAsAStandbyBeforeTheForkCanRejoinAsItIs) {
  Failover failover(1000);
  failover.start_as_standby(1000);
  EXPECT_EQ(failover.old_primary().descent, Descent::behind);
  EXPECT_EQ(failover.old_primary().rejoin, RejoinWay::as_is);
}

TEST(OldPrimary, ThatComesBackWithinTheIntervalIsUndecided) {
  Failover failover(1050);
  failover.start_as_standby(1050);
  EXPECT_EQ(failover.old_primary().descent, Descent::unknown);
}

TEST(OldPrimary, ThatComesBackBeyondTheForkIsForkedByAKnownAmount) {
  Failover failover(1200);
  failover.start_as_standby(1200);
  const TimelineAnalysis old = failover.old_primary();
  EXPECT_EQ(old.descent, Descent::forked);
  EXPECT_EQ(old.own_at_least, 100);
  EXPECT_EQ(old.own_at_most, 200);
}

TEST(OldPrimary, ThatFollowsTheNewOneNeedsNothing) {
  Failover failover(1000);
  failover.start_as_standby(1000);
  failover.a1().wal_receiver = StatWalReceiverRow{.status = "streaming", .sender_host = "10.0.0.2"};
  StatReplicationRow row;
  row.application_name = "a1";
  row.state = "streaming";
  failover.a2().wal_senders = {row};
  EXPECT_EQ(failover.old_primary().descent, Descent::behind)
      << "it reads the old timeline to its end";
  EXPECT_FALSE(failover.old_primary().rejoin);
}

TEST(OldPrimary, ThatRunsOnIsComparedWithTheOnePromotedLast) {
  Failover failover(1100);
  failover.wake();
  const ClusterAnalysis both = failover.nodes().analyze();
  EXPECT_EQ(both.topology.verdict, TopologyVerdict::split_brain);
  EXPECT_FALSE(both.nodes[1].timeline);
  EXPECT_EQ(both.nodes[0].timeline->descent, Descent::unknown) << "stopping alone makes it write";
  failover.a1().current_wal_flush_lsn = Lsn(1101);
  EXPECT_EQ(failover.old_primary().descent, Descent::forked);
}

TEST(OldPrimary, ThatIsPrimaryAgainLiesBehindTheFork) {
  Failover failover(1000);
  failover.wake();
  failover.a2().in_recovery = true;
  failover.a2().current_wal_flush_lsn.reset();
  failover.a2().replay_lsn = Lsn(1200);
  const TimelineAnalysis promoted = failover.nodes().analyze().nodes[1].timeline.value();
  EXPECT_EQ(promoted.descent, Descent::ahead);
  EXPECT_EQ(promoted.fork, (ForkInterval{Lsn(1000), Lsn(1100)}));
  EXPECT_EQ(promoted.rejoin, RejoinWay::unknown) << "which one is kept is for people to say";
}

TEST(OldPrimary, ThatIsPrimaryAgainLiesBehindTheForkOfAPromotedNodeThatIsGone) {
  Failover failover(1000);
  failover.wake();
  failover.nodes().snapshot.nodes[1].postgres.state = Failed{Failure{}};
  EXPECT_EQ(failover.nodes().analyze().nodes[1].timeline->descent, Descent::ahead);
}

// Standbys.

TEST(StandbyTimeline, IsTheSameInAHealthyPair) {
  const ClusterAnalysis pair = Situation("Ps").analyze();
  EXPECT_EQ(pair.nodes[1].timeline->descent, Descent::same);
  EXPECT_FALSE(pair.nodes[1].timeline->rejoin);
  EXPECT_FALSE(pair.nodes[0].timeline);
}

TEST(StandbyTimeline, IsNotComparedForASilentStandbyOrWithoutPrimary) {
  EXPECT_FALSE(Situation("P-").analyze().nodes[1].timeline);
  EXPECT_FALSE(Situation("nn").analyze().nodes[1].timeline);
  EXPECT_FALSE(Situation("PPn").analyze().nodes[2].timeline) << "which of the two?";
}

TEST(StandbyTimeline, OfTheSameNumberIsForkedIfItHasMoreThanThePrimary) {
  Situation pair("Pn");
  pair.state(0).current_wal_flush_lsn = Lsn(1000);
  pair.state(1).replay_lsn = Lsn(1000);
  EXPECT_EQ(pair.analyze().nodes[1].timeline->descent, Descent::same);
  pair.state(1).replay_lsn = Lsn(1001);
  EXPECT_EQ(pair.analyze().nodes[1].timeline->descent, Descent::forked);
  EXPECT_EQ(pair.analyze().nodes[1].timeline->own_at_least, 1);
}

TEST(StandbyTimeline, IsNotForkedBecauseTheStandbyWasReadALittleLater) {
  Situation pair("Ps");
  pair.state(0).current_wal_flush_lsn = Lsn(1000);
  pair.state(1).replay_lsn = Lsn(5000);
  EXPECT_EQ(pair.analyze().nodes[1].timeline->descent, Descent::same);
}

TEST(StandbyTimeline, OfANumberThatBothWerePromotedToIsUndecided) {
  Situation pair("Pn");
  pair.memory.forks = {{pair.state(0).system_identifier.value(), 1, "a2", Lsn(5), Lsn(6)}};
  EXPECT_EQ(pair.analyze().nodes[1].timeline->descent, Descent::unknown);
}

TEST(StandbyTimeline, OfAnotherSystemMeansToBeBuiltAnew) {
  const ClusterAnalysis pair = Situation("Pt").analyze();
  EXPECT_EQ(pair.nodes[1].timeline->descent, Descent::unknown);
  EXPECT_EQ(pair.nodes[1].timeline->rejoin, RejoinWay::base_backup);
}

TEST(StandbyTimeline, IsNeverClaimedAgainstTheTruth) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Dice dice(seed);
    const auto some = [&] { return static_cast<std::uint64_t>(dice.magnitude(8)); };
    const std::uint64_t replayed = 1000 + some(), fork = replayed + some(), seen = fork + some();
    const std::uint64_t position = 1000 + some() + some();
    Situation nodes("Psn");
    nodes.state(1).replay_lsn = Lsn(replayed);
    nodes.analyze();
    nodes.snapshot.nodes[0].postgres.state = Failed{Failure{}};
    Failover::promote(nodes.state(1), 2, seen);
    nodes.state(2).replay_lsn = Lsn(position);
    const TimelineAnalysis standby = nodes.analyze().nodes[2].timeline.value();
    ASSERT_TRUE(standby.descent != Descent::behind || position <= fork) << seed;
    if (standby.descent != Descent::forked) continue;
    ASSERT_GT(position, fork) << seed;
    const auto own = static_cast<std::int64_t>(position - fork);
    ASSERT_TRUE(standby.own_at_least <= own && own <= standby.own_at_most) << seed;
  }
}

}  // namespace
}  // namespace pgrepl
