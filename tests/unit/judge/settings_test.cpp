// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

// The settings that replication rests on.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kMegabyte = 1 << 20;

class SettingsCheck : public testing::Test {
 protected:
  Settings& of_a1() { return *pair_.primary().settings.value; }
  Settings& of_a2() { return *pair_.standby().settings.value; }
  CheckResult on(const std::string& node) {
    pair_.poll();
    for (int i = 0; i < 13; ++i) pair_.poll();
    return result_of(pair_.poll(), "settings", node);
  }

  ClusterBuilder pair_;
};

TEST_F(SettingsCheck, AreFineAsTheGuideHasThem) {
  for (const char* node : {"a1", "a2"}) {
    EXPECT_EQ(on(node).state, State::ok) << on(node).summary;
    EXPECT_EQ(on(node).summary, "settings of " + std::string{node} + " fit");
  }
}

TEST_F(SettingsCheck, AreCriticalWhereReplicationIsImpossible) {
  of_a1().wal_level = "minimal";
  EXPECT_EQ(on("a1").state, State::critical);
  EXPECT_EQ(on("a1").cause, "wal_level_minimal");
  of_a1().wal_level = "logical";
  EXPECT_EQ(on("a1").state, State::ok);
  of_a1().max_wal_senders = 0;
  EXPECT_EQ(on("a1").state, State::critical);
  EXPECT_EQ(on("a1").cause, "no_walsenders");
}

TEST_F(SettingsCheck, NameTheNodeThatDoesNotShowThem) {
  pair_.primary().settings = {.failure = Failure{FailureClass::query_failed, "canceled"}};
  EXPECT_EQ(on("a1").state, State::unknown);
  EXPECT_EQ(on("a1").other_node, "a1");
  EXPECT_EQ(on("a2").state, State::unknown) << "nobody knows the limits that it must reach";
  EXPECT_EQ(on("a2").other_node, "a1");
  pair_.cut_standby().promote_standby();
  EXPECT_EQ(on("a1").other_node, "a1") << "not the split brain";
}

TEST_F(SettingsCheck, WarnOfAStandbyThatNobodyCouldFollow) {
  of_a2().wal_level = "minimal";
  of_a2().max_wal_senders = 0;
  const CheckResult result = on("a2");
  EXPECT_EQ(result.state, State::warning);
  EXPECT_EQ(result.cause, "cannot_feed");
  EXPECT_THAT(result.summary, HasSubstr("wal_level is minimal, max_wal_senders is 0"));
}

TEST_F(SettingsCheck, TellAllThatIsMissedAndTheWorstAsCause) {
  of_a1().hot_standby = false;
  of_a1().max_wal_senders = 3;
  of_a1().synchronous_commit = "local";
  const CheckResult result = on("a1");
  EXPECT_EQ(result.state, State::warning);
  EXPECT_EQ(result.cause, "weak_commit");
  EXPECT_EQ(result.summary,
            "on a1 synchronous_commit is local, max_wal_senders is 3, hot_standby is off");
}

TEST_F(SettingsCheck, AskForWalKeepSizeOnlyWithoutASlot) {
  of_a1().wal_keep_size = 64 * kMegabyte;
  EXPECT_EQ(on("a1").state, State::ok);
  pair_.cut_standby();  // its slot waits for it
  EXPECT_EQ(on("a1").state, State::ok);
  pair_.slot().wal_status = "lost";
  EXPECT_EQ(on("a1").cause, "little_wal_kept");
  pair_.primary().slots.clear();
  EXPECT_THAT(on("a1").summary, HasSubstr("wal_keep_size is 64 MB and no slot keeps WAL"));
  of_a1().wal_keep_size = 1024 * kMegabyte;
  EXPECT_EQ(on("a1").state, State::ok);
}

TEST_F(SettingsCheck, HoldLogicalAndTemporarySlotsForNoStandbysSlot) {
  of_a1().wal_keep_size = 0;
  pair_.slot().temporary = true;
  EXPECT_EQ(on("a1").cause, "little_wal_kept");
  pair_.slot().temporary = false;
  pair_.slot().slot_type = "logical";
  EXPECT_EQ(on("a1").cause, "little_wal_kept");
}

TEST_F(SettingsCheck, AcceptOnlyCommitsThatReachTheStandbysDisk) {
  for (const char* weak : {"off", "local", "remote_write"}) {
    of_a1().synchronous_commit = weak;
    EXPECT_EQ(on("a1").cause, "weak_commit") << weak;
  }
  for (const char* strong : {"on", "remote_apply"}) {
    of_a1().synchronous_commit = strong;
    EXPECT_EQ(on("a1").state, State::ok) << strong;
  }
}

TEST_F(SettingsCheck, DoNotMindWeakCommitsWhereNoSyncIsRequired) {
  pair_.policy.expect_sync = ExpectSync::off;
  of_a1().synchronous_commit = "off";
  pair_.primary().commit_overrides.value = CommitOverrides{.weaker = 2, .names = "role batch"};
  EXPECT_EQ(on("a1").state, State::ok);
}

TEST_F(SettingsCheck, NameRolesAndDatabasesWithWeakerCommits) {
  pair_.primary().commit_overrides.value =
      CommitOverrides{.weaker = 2, .names = "database reports, role batch"};
  CheckResult result = on("a1");
  EXPECT_EQ(result.state, State::warning);
  EXPECT_EQ(result.cause, "weak_override");
  EXPECT_THAT(result.summary, HasSubstr("weaker for database reports, role batch"));
  EXPECT_EQ(on("a2").state, State::ok);
  pair_.thresholds = Thresholds{
      ThresholdLevel{{{"settings", "weak_overrides"}, Limits{.warning = above(2), .critical = {}}}},
      {},
      {}};
  EXPECT_EQ(on("a1").state, State::ok);
}

TEST_F(SettingsCheck, CompareTheLimitsOfAStandbyWithItsPrimary) {
  of_a1().max_connections = 200;
  of_a1().max_worker_processes = of_a2().max_worker_processes = 8;
  CheckResult result = on("a2");
  EXPECT_EQ(result.state, State::warning);
  EXPECT_EQ(result.cause, "below_primary");
  EXPECT_EQ(result.summary, "on a2 max_connections is 100, and 200 on a1");
  of_a2().max_connections = 300;
  EXPECT_EQ(on("a2").state, State::ok);
}

TEST_F(SettingsCheck, ExplainReplayThatPostgresqlPausedByItself) {
  pair_.poll();
  of_a1().max_connections = 200;
  pair_.standby().replay_paused = true;
  pair_.write(4096);
  on("a2");
  const CheckResult lag = result_of(pair_.poll(), "replay_lag", "a2");
  EXPECT_EQ(lag.cause, "limit_below_primary");
  EXPECT_THAT(lag.summary, HasSubstr("paused: max_connections is 100, and 200 on a1"));
  for (const std::string& line : lag.fix) EXPECT_THAT(line, Not(HasSubstr("SELECT pg_wal_replay")));
}

TEST_F(SettingsCheck, AreUnknownWhereTheyCouldNotBeRead) {
  pair_.primary().settings = {.failure = Failure{FailureClass::query_failed, "timed out"}};
  EXPECT_EQ(on("a1").state, State::unknown);
  EXPECT_THAT(on("a1").summary, HasSubstr("timed out"));
  EXPECT_EQ(on("a2").state, State::unknown);  // nothing to compare its limits with
  pair_.silence(0, FailureClass::refused);
  EXPECT_THAT(on("a1").summary, HasSubstr("node a1 is unreachable"));
  EXPECT_EQ(on("a2").state, State::unknown);
}

TEST_F(SettingsCheck, FindWhatIsWrongAlsoWhereNotAllIsSeen) {
  pair_.silence(0, FailureClass::refused);
  of_a2().hot_standby = false;
  EXPECT_EQ(on("a2").cause, "hot_standby_off");
}

TEST_F(SettingsCheck, LeaveAnUnlimitedSlotToAdvice) {
  const auto unlimited =
      Contains(Field(&Advice::text, HasSubstr("max_slot_wal_keep_size of a1 is unlimited")));
  EXPECT_THAT(pair_.poll().analysis.advice, unlimited);
  of_a1().max_slot_wal_keep_size = std::int64_t{3} << 30;
  EXPECT_THAT(pair_.poll().analysis.advice, Not(unlimited));
}

}  // namespace
}  // namespace pgrepl
