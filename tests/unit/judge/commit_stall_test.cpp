// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

// Commits that hang, and why.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using testing::Contains;
using testing::HasSubstr;

CheckResult after(ClusterBuilder& pair, int seconds) {
  for (int i = 0; i < seconds / 5; ++i) pair.poll(5);
  return result_of(pair.poll(seconds % 5 + 0.01), "commit_stall", "a1");
}

/// A commit whose WAL the standby has not confirmed.
ClusterBuilder& commit(ClusterBuilder& pair) { return pair.write(4096).let_a_commit_wait(); }

TEST(CommitStall, IsFineWhileNoCommitWaits) {
  ClusterBuilder pair;
  const CheckResult stall = after(pair, 60);
  EXPECT_EQ(stall.state, State::ok);
  EXPECT_EQ(stall.measures.front().value, 0);
  EXPECT_FALSE(has_result(pair.poll(), "commit_stall", "a2"));
}

TEST(CommitStall, WarnsAfterFiveSecondsAndIsCriticalAfterThirty) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair).cut_standby();
  EXPECT_EQ(result_of(pair.poll(), "commit_stall", "a1").state, State::ok);
  EXPECT_EQ(after(pair, 5).state, State::warning);
  EXPECT_EQ(after(pair, 26).state, State::critical);
}

TEST(CommitStall, LeavesABusyPrimaryAloneWhereSomeCommitAlwaysWaits) {
  ClusterBuilder pair;
  for (int i = 0; i < 20; ++i) {
    pair.primary().sync_rep_waiters = {{.pid = 900, .backend_xid = 1000 + i}};
    pair.write(4096);
    EXPECT_EQ(result_of(pair.poll(), "commit_stall", "a1").state, State::ok);
  }
}

TEST(CommitStall, SaysThatTheStandbyIsGoneAndHowCommitsCanGoOn) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair).let_a_commit_wait().cut_standby().silence(1, FailureClass::refused);
  const CheckResult stall = after(pair, 12);
  EXPECT_EQ(stall.cause, "standby_gone");
  EXPECT_THAT(stall.summary, HasSubstr("2 commits on a1 wait, the longest for"));
  EXPECT_THAT(stall.summary, HasSubstr("a2 is not connected"));
  EXPECT_THAT(stall.fix, Contains(HasSubstr("SET synchronous_standby_names = ''")));
}

TEST(CommitStall, FindsAStandbyThatHangsWhileEverythingElseLooksGreen) {
  ClusterBuilder pair;
  pair.poll();
  pair.standbys_reply = false;
  pair.poll();
  commit(pair).silence(1, FailureClass::timeout);
  pair.poll();
  const CheckResult stall = after(pair, 6);
  EXPECT_EQ(stall.state, State::warning);
  EXPECT_EQ(stall.cause, "standby_hung");
  EXPECT_THAT(stall.summary, HasSubstr("a2 counts as streaming, but has not replied for"));
  EXPECT_THAT(stall.fix, Contains(HasSubstr("application_name = 'a2'")));
}

TEST(CommitStall, DoesNotTakeSkewedClocksForAHungStandby) {
  ClusterBuilder pair;
  pair.walsender().reply_age = Seconds{3600};
  pair.poll();
  commit(pair);
  const CheckResult stall = after(pair, 20);
  EXPECT_EQ(stall.cause, "slow");
  EXPECT_THAT(stall.summary, HasSubstr("4 kB are not yet sent to a2, which replies"));
}

TEST(CommitStall, NamesTheStageThatASlowStandbyIsStuckAt) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair);
  pair.walsender().sent_lsn = pair.walsender().write_lsn = pair.primary().current_wal_flush_lsn;
  EXPECT_THAT(after(pair, 20).summary, HasSubstr("4 kB are not yet flushed by a2"));
}

TEST(CommitStall, SaysWhatIsNamedAndWhoIsThere) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair);
  pair.walsender().application_name = "15/main";
  pair.walsender().sync_state = "async";
  CheckResult stall = after(pair, 20);
  EXPECT_EQ(stall.cause, "wrong_name");
  EXPECT_THAT(stall.summary, HasSubstr("no standby calls itself a2, one streams as 15/main"));
  pair.walsender().application_name = "a2";
  pair.primary().synchronous_standby_names = "nobody";
  stall = after(pair, 0);
  EXPECT_EQ(stall.cause, "wrong_name");
  EXPECT_THAT(stall.summary, HasSubstr("no standby calls itself nobody, one streams as a2"));
}

TEST(CommitStall, TellsThatAPromotedNodeWaitsForItself) {
  ClusterBuilder pair;
  pair.poll();
  pair.standby().synchronous_standby_names = "a2";
  pair.cut_standby().promote_standby().silence(0, FailureClass::refused);
  pair.snapshot.nodes[1].postgres.state->sync_rep_waiters = {{.pid = 5}};
  for (int i = 0; i < 4; ++i) pair.poll();
  const CheckResult stall = result_of(pair.poll(), "commit_stall", "a2");
  EXPECT_EQ(stall.cause, "wrong_name");
  EXPECT_THAT(stall.summary, HasSubstr("a2 waits for itself"));
}

TEST(CommitStall, TellsAStandbyThatCatchesUpFromOneThatIsGone) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair);
  pair.walsender().state = "catchup";
  pair.walsender().sync_state = "potential";
  EXPECT_EQ(after(pair, 20).cause, "catching_up");
}

TEST(CommitStall, TellsTooHighANumberFromAMissingStandby) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair);
  pair.primary().synchronous_standby_names = "FIRST 2 (a2)";
  EXPECT_EQ(after(pair, 20).cause, "too_few");
  pair.add_standby("a3");
  pair.primary().wal_senders.pop_back();
  pair.primary().synchronous_standby_names = "FIRST 2 (a2, a3)";
  const CheckResult stall = after(pair, 0);
  EXPECT_EQ(stall.cause, "standby_gone");
  EXPECT_THAT(stall.summary, HasSubstr("a3 is not connected"));
}

TEST(CommitStall, TellsReplayThatIsHeldFromAHungStandby) {
  ClusterBuilder pair;
  pair.poll();
  commit(pair);
  pair.primary().settings.value->synchronous_commit = "remote_apply";
  StatReplicationRow& row = pair.walsender();
  row.sent_lsn = row.write_lsn = row.flush_lsn = pair.primary().current_wal_flush_lsn;
  pair.standby().replay_paused = true;
  pair.standbys_reply = false;
  EXPECT_EQ(after(pair, 20).cause, "replay_held");
}

TEST(CommitStall, AdmitsThatItCannotTell) {
  ClusterBuilder pair;
  pair.poll();
  pair.let_a_commit_wait();
  EXPECT_EQ(after(pair, 20).cause, "unexplained");
}

TEST(CommitStall, IsUnknownWhereWaitsAreHidden) {
  ClusterBuilder pair;
  pair.primary().has_pg_monitor = false;
  CheckResult stall = after(pair, 20);
  EXPECT_EQ(stall.state, State::unknown);
  EXPECT_THAT(stall.summary, HasSubstr("pg_monitor"));
  pair.silence(0, FailureClass::timeout);
  stall = after(pair, 20);
  EXPECT_EQ(stall.state, State::unknown);
  EXPECT_THAT(stall.summary, HasSubstr("node a1 is unreachable"));
}

TEST(CommitStall, TimesAHungStandbyOverPollsByOurOwnClock) {
  ClusterBuilder pair;
  pair.poll();
  pair.standbys_reply = false;
  pair.poll(7);
  const ClusterReport report = pair.poll(6);
  EXPECT_EQ(report.analysis.nodes[0].wal_senders.front().silent_for, Seconds{13});
}

}  // namespace
}  // namespace pgrepl
