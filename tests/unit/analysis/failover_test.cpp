// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/failover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "checks/analysis/failover_kind.h"
#include "checks/analysis/journal.h"
#include "tests/unit/analysis/polled_pair.h"

namespace pgrepl {
namespace {

using test::at;
using test::instant;
using test::PolledPair;
using ::testing::HasSubstr;

/// A pair whose primary is lost between 5 and 8, and whose standby is promoted between 12 and 18.
class FailingPair : public PolledPair {
 public:
  FailingPair() {
    a1().wal_senders = {{.application_name = "a2", .state = "streaming", .sync_state = "sync"}};
    poll(0);
    poll(5);
  }
  void lose(FailureClass reason) {
    silence(0);
    snapshot().nodes[0].postgres.state = Failed{Failure{reason, "connect: it failed"}};
    poll(8);
    poll(12);
  }
  void promote_standby(double second = 18) {
    promote(a2(), 2, Lsn(1800));
    poll(second);
  }
  std::optional<LastFailover> last() { return last_failover(memory, snapshot().taken.steady); }
  PhaseTime phase(FailoverPhase phase) {
    const auto failover = last();
    const PhaseTime* time = failover ? failover->reached(phase) : nullptr;
    return time == nullptr ? PhaseTime{.lower = Seconds{-1}, .upper = Seconds{-1}} : *time;
  }
};

constexpr Seconds kNotReached{-1};

// How long it took.

TEST(FailoverTime, LiesBetweenTheBoundsThatPollsAllow) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.promote_standby();
  const auto last = pair.last();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->old_primary, "a1");
  EXPECT_EQ(last->new_primary, "a2");
  EXPECT_EQ(last->at, instant(8.1).wall);
  EXPECT_NEAR(last->age.count(), 10, 1e-6);
  for (const FailoverPhase phase : {FailoverPhase::promoted, FailoverPhase::accepting_writes}) {
    EXPECT_NEAR(pair.phase(phase).lower.count(), 12 - 8.1, 1e-6);
    EXPECT_NEAR(pair.phase(phase).upper.count(), 18.02 - 5, 1e-6);
    EXPECT_NEAR(pair.phase(phase).estimate->count(), (12 - 8.1 + 18.02 - 5) / 2, 1e-6);
  }
  EXPECT_NEAR(pair.phase(FailoverPhase::fault_seen).upper.count(), 3.1, 1e-6);
}

TEST(FailoverTime, StaysAsItWasOnceAPhaseIsReached) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.promote_standby();
  const PhaseTime before = pair.phase(FailoverPhase::accepting_writes);
  for (const double second : {20, 40, 100}) pair.poll(second);
  EXPECT_EQ(pair.phase(FailoverPhase::accepting_writes), before);
  EXPECT_NEAR(pair.last()->age.count(), 92, 1e-6);
}

TEST(FailoverTime, HasNoEstimateWhenNobodyWatched) {
  FailingPair pair;
  pair.silence(0);
  pair.promote_standby(605);
  const PhaseTime writes = pair.phase(FailoverPhase::accepting_writes);
  EXPECT_EQ(writes.lower, Seconds{0});
  EXPECT_NEAR(writes.upper.count(), 600.02, 1e-6);
  EXPECT_EQ(writes.estimate, std::nullopt);
}

TEST(FailoverTime, SurvivesARestartOfTheExporter) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  const auto back = decode_memory(encode_memory(pair.memory, instant(13)), instant(16));
  ASSERT_TRUE(back) << back.error();
  pair.memory = *back;
  pair.promote_standby();
  EXPECT_NEAR(pair.phase(FailoverPhase::promoted).lower.count(), 12 - 8.1, 1e-6);
  EXPECT_NEAR(pair.phase(FailoverPhase::promoted).upper.count(), 18.02 - 5, 1e-6);
}

// Its later phases.

TEST(FailoverPhases, CountNoWritesWhileCommitsWouldWaitForAStandbyThatIsNotThere) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.a2().synchronous_standby_names = "a1";
  pair.promote_standby();
  pair.poll(20);
  EXPECT_EQ(pair.phase(FailoverPhase::accepting_writes).upper, kNotReached);
  EXPECT_GT(pair.phase(FailoverPhase::promoted).upper, Seconds{0});
  pair.a2().synchronous_standby_names = "";
  pair.poll(30);
  EXPECT_NEAR(pair.phase(FailoverPhase::accepting_writes).lower.count(), 20 - 8.1, 1e-6);
  EXPECT_NEAR(pair.phase(FailoverPhase::accepting_writes).upper.count(), 30.02 - 5, 1e-6);
}

TEST(FailoverPhases, CountNoWritesWhileCommitsWait) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.a2().sync_rep_waiters = {{.pid = 7}};
  pair.promote_standby();
  EXPECT_EQ(pair.phase(FailoverPhase::accepting_writes).upper, kNotReached);
}

TEST(FailoverPhases, CountWritesWhereCommitsDoNotWaitForStandbys) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.a2().synchronous_standby_names = "a1";
  pair.a2().settings.value.emplace().synchronous_commit = "local";
  pair.promote_standby();
  EXPECT_GT(pair.phase(FailoverPhase::accepting_writes).upper, Seconds{0});
}

TEST(FailoverPhases, EndWithAStandbyThatStreamsAndIsSynchronous) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.promote_standby();
  EXPECT_EQ(pair.phase(FailoverPhase::standby_back).upper, kNotReached);
  pair.a2().wal_senders = {{.application_name = "pg_basebackup", .state = "streaming"}};
  pair.poll(30);
  EXPECT_EQ(pair.phase(FailoverPhase::standby_back).upper, kNotReached) << "a backup's WAL";
  pair.a2().wal_senders = {{.application_name = "a1", .state = "streaming", .sync_state = "async"}};
  pair.poll(40);
  EXPECT_NEAR(pair.phase(FailoverPhase::standby_back).lower.count(), 30 - 8.1, 1e-6);
  EXPECT_EQ(pair.phase(FailoverPhase::sync_again).upper, kNotReached);
  pair.a2().wal_senders.front().sync_state = "sync";
  pair.poll(50);
  EXPECT_NEAR(pair.phase(FailoverPhase::sync_again).upper.count(), 50.02 - 5, 1e-6);
}

TEST(FailoverPhases, KnowAStandbyOfAnotherNameByItsOwnAnswer) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.promote_standby();
  pair.a2().wal_senders = {{.application_name = "15/main", .state = "streaming"}};
  pair.poll(30);
  EXPECT_EQ(pair.phase(FailoverPhase::standby_back).upper, kNotReached);
  pair.wake(0);
  pair.a1().in_recovery = true;
  pair.a1().wal_receiver.emplace();
  pair.a1().wal_receiver->status = "streaming";
  pair.a1().wal_receiver->received_tli = 2;
  pair.poll(40);
  EXPECT_GT(pair.phase(FailoverPhase::standby_back).upper, Seconds{0});
}

TEST(FailoverPhases, DoNotExpectSynchronyThatWasNotThereBefore) {
  FailingPair pair;
  pair.a1().wal_senders.clear();
  pair.poll(6);
  pair.lose(FailureClass::timeout);
  pair.promote_standby();
  pair.a2().wal_senders = {{.application_name = "a1", .state = "streaming", .sync_state = "sync"}};
  pair.poll(40);
  EXPECT_EQ(pair.phase(FailoverPhase::sync_again).upper, kNotReached);
}

// Crash or switchover.

TEST(FailoverKinds, FollowTheFirstRuleThatFits) {
  using enum Departure;
  const auto kind = [](const Handover& handover) { return kind_of(handover).kind; };
  EXPECT_EQ(kind({.departure = announced}), FailoverKind::switchover);
  EXPECT_EQ(kind({.departure = demoted}), FailoverKind::switchover);
  EXPECT_EQ(kind({.departure = unheard}), FailoverKind::crash);
  EXPECT_EQ(kind({.departure = broke_off}), FailoverKind::crash);
  EXPECT_EQ(kind({.departure = other}), FailoverKind::unknown);
  EXPECT_EQ(kind({.departure = other, .wal_lost = true}), FailoverKind::crash);
  EXPECT_EQ(kind({.departure = announced, .wal_lost = true}), FailoverKind::switchover);
  for (const Departure departure : kDepartures) {
    EXPECT_EQ(kind({.departure = departure, .side_by_side = true}), FailoverKind::unknown);
  }
}

TEST(FailoverKinds, TellHowAPrimaryWentByItsFirstFailure) {
  const auto of = [](FailureClass reason) {
    return departure_of({.name = "a1", .state = Failed{Failure{reason, ""}}});
  };
  EXPECT_EQ(of(FailureClass::shutting_down), Departure::announced);
  EXPECT_EQ(of(FailureClass::timeout), Departure::unheard);
  EXPECT_EQ(of(FailureClass::refused), Departure::broke_off);
  EXPECT_EQ(of(FailureClass::starting_up), Departure::broke_off);
  EXPECT_EQ(of(FailureClass::password), Departure::other);
  const NodeSnapshot stopped{
      .name = "a1", .state = Failed{Failure{FailureClass::refused, ""}}, .announced_stop = true};
  EXPECT_EQ(departure_of(stopped), Departure::announced);
}

TEST(FailoverKinds, StayWithTheFirstFailureWhateverFollows) {
  FailingPair pair;
  pair.lose(FailureClass::shutting_down);
  pair.snapshot().nodes[0].postgres.state = Failed{Failure{FailureClass::timeout, "silence"}};
  pair.poll(14);
  pair.promote_standby();
  EXPECT_EQ(pair.last()->kind, FailoverKind::switchover);
  EXPECT_EQ(pair.last()->why, "the old primary said that it was being stopped");
}

TEST(FailoverKinds, TellOfWalThatIsCertainlyLost) {
  FailingPair pair;
  pair.a1().current_wal_flush_lsn = Lsn(1800 + 4096);
  pair.poll(6);
  pair.lose(FailureClass::refused);
  pair.promote_standby();
  EXPECT_EQ(pair.last()->kind, FailoverKind::crash);
  EXPECT_THAT(pair.last()->why, HasSubstr("at least 4 kB of WAL is lost"));
}

TEST(FailoverKinds, CallADemotionThatNobodyMissedASwitchover) {
  FailingPair pair;
  pair.a1().in_recovery = true;
  pair.promote_standby(10);
  EXPECT_EQ(pair.last()->kind, FailoverKind::switchover);
}

TEST(FailoverKinds, CallAPromotionBesideALivingPrimaryNoOutage) {
  FailingPair pair;
  pair.promote_standby(10);
  EXPECT_EQ(pair.last(), std::nullopt) << "two primaries: nobody has taken over";
  pair.poll(15);
  pair.silence(0);
  pair.poll(20);
  ASSERT_TRUE(pair.last());
  EXPECT_EQ(pair.last()->kind, FailoverKind::unknown);
  EXPECT_EQ(pair.phase(FailoverPhase::accepting_writes).upper, Seconds{0});
}

TEST(FailoverKinds, TakeASwitchoverBetweenTwoAnswersOfAPollForOne) {
  FailingPair pair;
  pair.promote_standby(10);  // the old primary had answered just before
  pair.silence(0);
  pair.snapshot().nodes[0].postgres.announced_stop = true;
  pair.poll(11);
  ASSERT_TRUE(pair.last());
  EXPECT_EQ(pair.last()->kind, FailoverKind::switchover);
  EXPECT_LE(pair.phase(FailoverPhase::promoted).upper, Seconds{0.02});
}

// What is none.

TEST(NoFailover, IsAPrimaryThatComesBack) {
  FailingPair pair;
  pair.lose(FailureClass::refused);
  pair.wake(0);
  pair.poll(20);
  EXPECT_EQ(pair.last(), std::nullopt);
  EXPECT_EQ(pair.memory.sole_primary->gone_by, std::nullopt);
}

TEST(NoFailover, IsAPromotionThatIsUndone) {
  FailingPair pair;
  const Result<NodeState, Failure> standby = pair.snapshot().nodes[1].postgres.state;
  pair.promote_standby(10);
  pair.snapshot().nodes[1].postgres.state = standby;
  pair.poll(20);
  pair.silence(0);
  pair.poll(25);
  EXPECT_EQ(pair.last(), std::nullopt);
  EXPECT_EQ(pair.memory.sole_primary->rival, "");
}

TEST(NoFailover, IsAnotherSystemUnderTheNodesName) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.a2().system_identifier = "42";
  pair.promote_standby();
  EXPECT_EQ(pair.last(), std::nullopt);
  EXPECT_EQ(pair.memory.sole_primary->node, "a2");
}

TEST(NoFailover, IsAPairThatTheExporterMeetsLate) {
  PolledPair pair;
  pair.silence(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  for (const double second : {0, 5, 10}) pair.poll(second);
  EXPECT_EQ(last_failover(pair.memory, at(10)), std::nullopt);
}

// The journal's line.

TEST(FailoverInTheJournal, IsWrittenOnceWhenWritesAreTaken) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.a2().synchronous_standby_names = "a1";
  pair.promote_standby();
  const auto failovers = [&] { return pair.memory.event_counts[event::kFailover]; };
  EXPECT_EQ(failovers(), 0U);
  pair.a2().synchronous_standby_names = "";
  pair.poll(30);
  pair.poll(40);
  EXPECT_EQ(failovers(), 1U);
  const JournalEntry& entry = pair.memory.journal.back();
  EXPECT_EQ(entry.kind, event::kFailover);
  EXPECT_EQ(entry.node, "a2");
  EXPECT_EQ(entry.object, "crash");
  EXPECT_EQ(entry.evidence,
            "takes the writes of a1 9.9 s to 25 s after its loss; the old primary was no longer "
            "heard");
  EXPECT_NEAR(entry.duration->count(), 25.02, 1e-6);
}

TEST(FailoverInTheJournal, IsFollowedByTheWayBack) {
  FailingPair pair;
  pair.lose(FailureClass::timeout);
  pair.promote_standby();
  pair.wake(0);
  pair.a1().in_recovery = true;
  pair.a1().timeline = 2;
  pair.poll(60);
  pair.snapshot().nodes[1].postgres.state = Failed{Failure{FailureClass::shutting_down, "stops"}};
  PolledPair::promote(pair.a1(), 3, Lsn(2000));
  pair.poll(65);
  EXPECT_EQ(pair.last()->new_primary, "a1");
  EXPECT_EQ(pair.last()->kind, FailoverKind::switchover);
  EXPECT_EQ(pair.memory.event_counts[event::kFailover], 2U);
}

}  // namespace
}  // namespace pgrepl
