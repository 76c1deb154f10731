// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/judge/root_cause.h"
#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using testing::HasSubstr;

constexpr std::int64_t kGigabyte = std::int64_t{1} << 30;

TEST(Judge, FindsAHealthyPairAllGreenFromTheFirstPollOn) {
  ClusterBuilder pair;
  for (int i = 0; i < 3; ++i) {
    const ClusterReport report = pair.poll();
    for (const CheckResult& result : report.results) {
      EXPECT_EQ(result.state, State::ok) << result.check << ": " << result.summary;
    }
  }
}

TEST(Judge, LeavesOutWhatIsNotConfigured) {
  ClusterBuilder pair;
  const ClusterReport report = pair.poll();
  EXPECT_FALSE(has_result(report, "disk_usage", "a1"));
  EXPECT_FALSE(has_result(report, "network_latency", "a1"));
}

TEST(Judge, JudgesTheNetworkFromTheNodeThatTheExporterRunsOn) {
  ClusterBuilder pair;
  pair.policy.nodes[0].exporter_is_local = true;
  pair.standby().round_trip = Seconds{0.02};
  pair.poll();
  pair.poll(30);
  const ClusterReport report = pair.poll(31);
  EXPECT_FALSE(has_result(report, "network_latency", "a1"));
  const CheckResult& latency = result_of(report, "network_latency", "a2");
  EXPECT_EQ(latency.state, State::warning);
  EXPECT_EQ(latency.cause, "slow_network");
  EXPECT_THAT(latency.summary, HasSubstr("from a1 to a2 is 20 ms"));
}

TEST(Judge, NamesADeadStandbyAsTheRootOfWhatFollows) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby();
  for (int i = 0; i < 5; ++i) pair.poll();
  const ClusterReport report = pair.poll();
  const CheckResult* root = root_cause(report.results);
  ASSERT_NE(root, nullptr);
  EXPECT_EQ(root->check, "node_up");
  EXPECT_EQ(root->cause, "refused");
  const CheckResult& replication = result_of(report, "replication", "a2");
  EXPECT_EQ(replication.state, State::critical);
  EXPECT_EQ(replication.cause, "standby_unreachable");
  EXPECT_EQ(result_of(report, "sync_state", "a2").state, State::critical);
  const CheckResult& lag = result_of(report, "replay_lag", "a2");
  EXPECT_EQ(lag.state, State::unknown);
  EXPECT_THAT(lag.summary, HasSubstr("because node a2 is unreachable (refused)"));
  EXPECT_EQ(result_of(report, "cluster_role").state, State::ok);
}

TEST(Judge, PagesNobodyForAQuickRestartOfTheStandby) {
  ClusterBuilder healthy;
  healthy.poll();
  ClusterBuilder pair = healthy;
  pair.silence(1, FailureClass::refused).cut_standby();
  const ClusterReport during = pair.poll(1);
  EXPECT_EQ(root_cause(during.results)->state, State::ok);
  EXPECT_EQ(result_of(during, "node_up", "a2").raw_state, State::critical);
  pair.snapshot.nodes = healthy.snapshot.nodes;
  EXPECT_EQ(root_cause(pair.poll(1).results)->state, State::ok);
}

TEST(Judge, CallsTwoPrimariesAtOnce) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  const ClusterReport report = pair.poll(1);
  const CheckResult& role = result_of(report, "cluster_role");
  EXPECT_EQ(role.state, State::critical);
  EXPECT_EQ(role.cause, "two_primaries");
  EXPECT_THAT(role.summary, HasSubstr("a1 and a2"));
  EXPECT_FALSE(role.fix.empty());
}

TEST(Judge, CallsAMissingPrimaryOnlyAfterItsHold) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::refused);
  pair.standby().wal_receiver.reset();
  EXPECT_EQ(result_of(pair.poll(5), "cluster_role").state, State::ok);
  pair.poll(10);
  EXPECT_EQ(result_of(pair.poll(6), "cluster_role").state, State::critical);
}

TEST(Judge, DoesNotCallAPrimaryMissingThatStillFeedsItsStandby) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::timeout);
  for (int i = 0; i < 6; ++i) pair.poll();
  EXPECT_EQ(result_of(pair.poll(), "cluster_role").state, State::unknown);
}

TEST(Judge, SaysUnknownOfEverythingThatASilentPairHidesAndNamesTheNode) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::timeout).silence(1, FailureClass::refused);
  for (int i = 0; i < 6; ++i) pair.poll();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(root_cause(report.results)->check, "node_up");
  EXPECT_EQ(result_of(report, "archive", "a1").state, State::unknown);
  EXPECT_EQ(result_of(report, "wal_senders", "a1").state, State::unknown);
  const CheckResult& lag = result_of(report, "replay_lag", "a2");
  EXPECT_EQ(lag.state, State::unknown);
  EXPECT_THAT(lag.summary, HasSubstr("node a2 is unreachable"));
}

TEST(Judge, KeepsSlotsUnknownAndNotFineWhileThePrimaryIsSilent) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::timeout);
  for (int i = 0; i < 3; ++i) pair.poll();
  for (const std::string_view check : {"slot_active", "slot_retention", "slot_wal_status"}) {
    EXPECT_EQ(result_of(pair.poll(), check, "a1").state, State::unknown) << check;
  }
}

TEST(Judge, DoesNotBelieveAPrimaryThatStillCallsADeadStandbyStreaming) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::timeout);
  for (int i = 0; i < 3; ++i) pair.poll();
  const CheckResult replication = result_of(pair.poll(), "replication", "a2");
  EXPECT_EQ(replication.state, State::unknown);
  EXPECT_THAT(replication.summary, HasSubstr("still calls it streaming"));
}

TEST(Judge, HoldsFindingsThatASwitchoverGivesToTheOtherNode) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby().silence(0, FailureClass::refused);
  const ClusterReport report = pair.poll(1);
  EXPECT_EQ(result_of(report, "replication", "a1").state, State::ok);
  EXPECT_EQ(result_of(report, "replication", "a1").raw_state, State::critical);
  for (int i = 0; i < 4; ++i) pair.poll(5);
  EXPECT_EQ(result_of(pair.poll(), "replication", "a1").state, State::critical);
}

TEST(Judge, DoesNotCallAForkedStandbyCaughtUp) {
  ClusterBuilder pair;
  pair.primary().timeline = 2;
  pair.standby().timeline = 1;
  pair.standby().replay_lsn = pair.standby().receive_lsn = Lsn{0x9000000};
  const ClusterReport report = pair.poll();
  EXPECT_EQ(report.analysis.nodes[1].lag->state, LagState::upstream_unknown);
  EXPECT_EQ(result_of(report, "replay_lag", "a2").state, State::unknown);
}

TEST(Judge, DoesNotTakeAnUnreadSettingForNoDemand) {
  ClusterBuilder pair;
  pair.walsender().sync_state = "async";
  pair.primary().synchronous_standby_names.reset();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(result_of(report, "sync_state", "a2").state, State::unknown);
}

TEST(Judge, SaysUnknownOfAnArchiveWhoseBacklogIsTooBigToCount) {
  ClusterBuilder pair;
  pair.primary().archive_status = {.failure = Failure{FailureClass::query_failed, "timed out"}};
  EXPECT_EQ(result_of(pair.poll(), "archive", "a1").state, State::unknown);
}

TEST(Judge, DemandsASynchronousStandbyOnceOneWasSeen) {
  ClusterBuilder pair;
  pair.poll();
  pair.primary().synchronous_standby_names = "";
  pair.walsender().sync_state = "async";
  for (int i = 0; i < 4; ++i) pair.poll();
  const CheckResult sync = result_of(pair.poll(), "sync_state", "a2");
  EXPECT_EQ(sync.state, State::critical);
  EXPECT_EQ(sync.cause, "async");
}

TEST(Judge, DemandsNothingThatWasNeverThere) {
  ClusterBuilder pair;
  pair.primary().synchronous_standby_names = "";
  pair.walsender().sync_state = "async";
  EXPECT_FALSE(has_result(pair.poll(), "sync_state", "a2"));
}

TEST(Judge, NamesAStandbyThatStreamsUnderAnotherName) {
  ClusterBuilder pair;
  pair.walsender().application_name = "15/main";
  pair.walsender().sync_state = "async";
  const ClusterReport report = pair.poll();
  EXPECT_EQ(result_of(report, "replication", "a2").state, State::ok);
  const CheckResult& sync = result_of(report, "sync_state", "a2");
  EXPECT_EQ(sync.cause, "application_name_mismatch");
  EXPECT_THAT(sync.summary, HasSubstr("15/main"));
}

TEST(Judge, SeesTheLagOfAPausedReplayGrow) {
  ClusterBuilder pair;
  pair.poll();
  pair.standby().replay_paused = true;
  pair.write(4096);
  for (int i = 0; i < 8; ++i) pair.poll(5);
  const ClusterReport report = pair.poll(5);
  const CheckResult& lag = result_of(report, "replay_lag", "a2");
  EXPECT_EQ(lag.state, State::critical);
  EXPECT_EQ(lag.cause, "replay_paused");
  EXPECT_THAT(lag.fix, testing::Contains(HasSubstr("pg_wal_replay_resume")));
}

TEST(Judge, KeepsAnIdlePairCaughtUpForHours) {
  ClusterBuilder pair;
  pair.poll();
  pair.standby().last_xact_replay_age = Seconds{7200};
  const ClusterReport report = pair.poll(7200);
  EXPECT_EQ(result_of(report, "replay_lag", "a2").state, State::ok);
  EXPECT_EQ(report.analysis.nodes[1].lag->state, LagState::caught_up);
}

TEST(Judge, FindsNoFaultWithAStandbyThatHasAllItHearsOfAndPublishesNoNumberForIt) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::hba_rejected);
  for (int i = 0; i < 4; ++i) pair.poll();
  const ClusterReport report = pair.poll();
  const CheckResult& lag = result_of(report, "replay_lag", "a2");
  EXPECT_EQ(lag.state, State::ok);
  EXPECT_THAT(lag.summary, HasSubstr("has all that is known, streaming"));
  EXPECT_FALSE(lag.measures.front().value);
  EXPECT_FALSE(report.analysis.nodes[1].loss->time.estimate);
}

TEST(Judge, IsNeverOkOnTheFirstRunAboutAStandbyHoursBehind) {
  ClusterBuilder pair;
  pair.write(10 << 20);
  pair.standby().last_xact_replay_age = Seconds{7200};
  EXPECT_NE(result_of(pair.poll(), "replay_lag", "a2").state, State::ok);
}

TEST(Judge, SaysNothingOfLagWhereTwoHistoriesExist) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  pair.poll();
  for (const std::string_view check : {"replay_lag", "replication", "sync_state"}) {
    const CheckResult result = result_of(pair.poll(), check, "a2");
    EXPECT_EQ(result.state, State::unknown) << check;
    EXPECT_THAT(result.summary, HasSubstr("2 nodes are primary"));
  }
}

TEST(Judge, CallsAnUnusedSlotCriticalAtOnceWhenItHoldsTooMuch) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().write(kGigabyte + 1);
  const ClusterReport report = pair.poll(1);
  EXPECT_EQ(result_of(report, "slot_active", "a1", "a2_slot").state, State::critical);
  EXPECT_EQ(result_of(report, "slot_retention", "a1", "a2_slot").state, State::warning);
}

TEST(Judge, LetsAnUnusedSlotHoldAsMuchAsItsRetentionMayReach) {
  ClusterBuilder pair;
  const ThresholdLevel raised{
      {{"slot_retention", "retained"}, Limits{.warning = above(4.0 * kGigabyte), .critical = {}}}};
  pair.thresholds = Thresholds{raised, {}, {}};
  pair.poll();
  pair.cut_standby().write(2 * kGigabyte);
  EXPECT_EQ(result_of(pair.poll(1), "slot_active", "a1", "a2_slot").state, State::ok);
  pair.write(3 * kGigabyte);
  EXPECT_EQ(result_of(pair.poll(1), "slot_active", "a1", "a2_slot").state, State::critical);
}

TEST(Judge, ShowsTheLimitsOfMeasuresThatDoNotAriseJustNow) {
  ClusterBuilder pair;
  const CheckResult& slot = result_of(pair.poll(), "slot_wal_status", "a1", "a2_slot");
  ASSERT_EQ(slot.measures.size(), 1U);
  EXPECT_FALSE(slot.measures.front().value);
  EXPECT_TRUE(slot.measures.front().warning);
}

TEST(Judge, WarnsOfAnUnusedSlotAfterFiveMinutes) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby();
  EXPECT_EQ(result_of(pair.poll(1), "slot_active", "a1", "a2_slot").state, State::ok);
  EXPECT_EQ(result_of(pair.poll(301), "slot_active", "a1", "a2_slot").state, State::warning);
}

TEST(Judge, KeepsALostSlotCriticalAndTakesNothingForHeldBack) {
  ClusterBuilder pair;
  pair.cut_standby();
  pair.slot().wal_status = "lost";
  const ClusterReport report = pair.poll();
  const CheckResult& slot = result_of(report, "slot_wal_status", "a1", "a2_slot");
  EXPECT_EQ(slot.state, State::critical);
  EXPECT_EQ(slot.cause, "lost");
  EXPECT_THAT(slot.fix.front(), HasSubstr("pg_drop_replication_slot('a2_slot')"));
  EXPECT_FALSE(has_result(report, "slot_retention", "a1"));
}

TEST(Judge, ScalesTheLimitsOfTheWalDirectoryWithTheServersSettings) {
  ClusterBuilder pair;
  pair.primary().settings.value->max_wal_size = 10 * kGigabyte;
  pair.primary().wal_directory.value->bytes = 15 * kGigabyte;
  const ClusterReport report = pair.poll();
  EXPECT_EQ(result_of(report, "wal_directory", "a1").state, State::ok);
  pair.primary().settings.value->max_wal_size = kGigabyte;
  EXPECT_EQ(result_of(pair.poll(), "wal_directory", "a1").state, State::critical);
}

TEST(Judge, SaysUnknownAboutADirectoryThatIsForbidden) {
  ClusterBuilder pair;
  pair.policy.nodes[0].host_configured = true;
  pair.snapshot.nodes[0].host = HostSnapshot{
      .directories = {{.purpose = DirectoryPurpose::wal,
                       .path = "/data/pg_wal",
                       .filesystem = Failed{
                           Failure{FailureClass::permission, "/data/pg_wal: permission denied"}}}}};
  const CheckResult disk = result_of(pair.poll(), "disk_usage", "a1", "wal");
  EXPECT_EQ(disk.state, State::unknown);
  EXPECT_THAT(disk.summary, HasSubstr("/data/pg_wal: permission denied"));
}

TEST(Judge, SaysUnknownAndNotHealthyWithoutPgMonitor) {
  ClusterBuilder pair;
  pair.primary().has_pg_monitor = false;
  pair.walsender().state.reset();
  pair.walsender().sync_state.reset();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(result_of(report, "node_up", "a1").cause, "no_pg_monitor");
  EXPECT_EQ(result_of(report, "replication", "a2").state, State::unknown);
}

}  // namespace
}  // namespace pgrepl
