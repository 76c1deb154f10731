// SPDX-License-Identifier: Apache-2.0
// What cluster_role, system_identifier, timeline, upstream and replication say of the same cluster.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "checks/judge/root_cause.h"
#include "tests/support/cluster_builder.h"
#include "tests/support/situations.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using test::Situation;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

/// The first report on such nodes, in which every finding counts at once.
ClusterReport report_on_nodes(std::string_view nodes) {
  Situation cluster(nodes);
  cluster.lasting();
  return report_on(cluster.snapshot, cluster.policy, {}, cluster.memory);
}

ClusterReport after_holds(ClusterBuilder& pair) {
  for (int i = 0; i < 4; ++i) pair.poll();
  return pair.poll();
}

/// a2 was promoted, and a1 comes back as a standby that has written `beyond` more.
ClusterBuilder failed_over(std::int64_t beyond, bool tells_the_fork = true) {
  ClusterBuilder pair;
  pair.primary().settings.value->wal_log_hints = true;
  pair.primary().settings.value->data_checksums = false;
  pair.primary().settings.value->data_directory = "/srv/pg";
  pair.poll();
  pair.write(beyond);
  NodeState old = pair.primary();
  old.in_recovery = true;
  old.wal_senders.clear();
  old.replay_lsn = old.receive_lsn = old.current_wal_flush_lsn;
  old.current_wal_flush_lsn.reset();
  pair.cut_standby().promote_standby().silence(0, FailureClass::refused);
  if (!tells_the_fork) pair.standby().recovery_end_lsn.reset();
  pair.poll();
  pair.snapshot.nodes[0].postgres.state = old;
  return pair;
}

// cluster_role

TEST(ClusterRole, TellsASplitBrainWithItsEvidence) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  const CheckResult role = result_of(pair.poll(1), "cluster_role");
  EXPECT_EQ(role.cause, "two_primaries");
  EXPECT_THAT(
      role.summary,
      AllOf(HasSubstr("are both primary of system 7400000000000000001"),
            HasSubstr("a1 on timeline 1 at 0/3000060"), HasSubstr("a2 on timeline 2 at 0/3000160"),
            HasSubstr("the histories part at 0/3000060"), HasSubstr("nobody streams from them")));
  EXPECT_THAT(role.fix, Contains(HasSubstr("on a1 and on a2")));
}

TEST(ClusterRole, TellsWhoStreamsFromWhomInASplitBrain) {
  const CheckResult role = result_of(report_on_nodes("PPs"), "cluster_role");
  EXPECT_THAT(role.summary, HasSubstr("a3 streams from a1"));
}

TEST(ClusterRole, TakesOneSilentNodeForNoSecondPrimaryButNamesIt) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby().silence(0, FailureClass::timeout);
  const CheckResult role = result_of(after_holds(pair), "cluster_role");
  EXPECT_EQ(role.state, State::ok);
  EXPECT_EQ(role.summary,
            "a2 is the only primary that answers; a1, primary when last heard, does not");
}

TEST(ClusterRole, CallsPrimariesOfDifferentSystemsWhatTheyAre) {
  const ClusterReport report = report_on_nodes("PQ");
  EXPECT_EQ(result_of(report, "cluster_role").cause, "unrelated_primaries");
  EXPECT_EQ(result_of(report, "system_identifier", "a1").state, State::critical);
  EXPECT_EQ(result_of(report, "system_identifier", "a2").state, State::critical);
}

TEST(ClusterRole, DoesNotTakeAStandbyThatFeedsAnotherForASilentPrimary) {
  EXPECT_EQ(result_of(report_on_nodes("-nc"), "cluster_role").cause, "no_primary");
  EXPECT_EQ(result_of(report_on_nodes("-on"), "cluster_role").state, State::unknown);
}

// system_identifier

TEST(SystemIdentifier, NamesTheNodeThatIsNoCopyOfThePrimary) {
  const ClusterReport report = report_on_nodes("Pst");
  EXPECT_EQ(result_of(report, "system_identifier", "a2").state, State::ok);
  const CheckResult stranger = result_of(report, "system_identifier", "a3");
  EXPECT_EQ(stranger.state, State::critical);
  EXPECT_EQ(stranger.summary,
            "a3 is of system 7400000000000000002, but a1 is of 7400000000000000001");
  EXPECT_EQ(result_of(report, "system_identifier", "a1").state, State::ok);
  EXPECT_EQ(result_of(report, "timeline", "a3").state, State::unknown) << "the root is told above";
  EXPECT_EQ(result_of(report, "upstream", "a3").state, State::unknown);
}

TEST(SystemIdentifier, GoesWithTheMajorityWhileThereIsNoPrimary) {
  const ClusterReport report = report_on_nodes("nnt");
  EXPECT_EQ(result_of(report, "system_identifier", "a1").state, State::ok);
  EXPECT_EQ(result_of(report, "system_identifier", "a3").state, State::critical);
}

TEST(SystemIdentifier, IsUnknownOfASilentNode) {
  EXPECT_EQ(result_of(report_on_nodes("P-"), "system_identifier", "a2").state, State::unknown);
}

// timeline

TEST(Timeline, NamesTheForkAndTheWayBack) {
  ClusterBuilder pair = failed_over(0x1000);
  const ClusterReport report = after_holds(pair);
  const CheckResult timeline = result_of(report, "timeline", "a1");
  EXPECT_EQ(timeline.state, State::critical);
  EXPECT_EQ(timeline.cause, "fork_rewind");
  EXPECT_EQ(timeline.summary,
            "a1 is on timeline 1 with 4 kB of WAL that a2 does not have; the histories part at "
            "0/3000060; it can rejoin after pg_rewind");
  EXPECT_THAT(timeline.fix,
              Contains(HasSubstr("pg_rewind -D /srv/pg -R -P --dry-run "
                                 "--source-server='host=10.0.0.2 user=postgres dbname=postgres "
                                 "application_name=a1'")));
  EXPECT_THAT(timeline.fix, Contains(HasSubstr("'a1_slot'")));
  EXPECT_EQ(root_cause(report.results)->check, "timeline");
}

TEST(Timeline, AsksForABaseBackupWherePgRewindWouldRefuse) {
  ClusterBuilder pair = failed_over(0x1000);
  pair.primary().settings.value->wal_log_hints = false;
  const CheckResult timeline = result_of(after_holds(pair), "timeline", "a1");
  EXPECT_EQ(timeline.cause, "fork_base_backup");
  EXPECT_THAT(timeline.fix, Contains(HasSubstr("application_name=a1' -D /srv/pg -P -R -X stream "
                                               "-C -S a1_slot")));
}

TEST(Timeline, LeavesTheWayBackOpenWhereItsSettingsAreNotKnown) {
  ClusterBuilder pair = failed_over(0x1000);
  pair.primary().settings.value.reset();
  pair.memory.rewindable.clear();
  EXPECT_EQ(result_of(after_holds(pair), "timeline", "a1").cause, "fork");
}

TEST(Timeline, IsFineForAnOldPrimaryThatCanRejoinAsItIs) {
  ClusterBuilder pair = failed_over(0);
  const ClusterReport report = after_holds(pair);
  EXPECT_EQ(result_of(report, "timeline", "a1").state, State::ok);
  EXPECT_EQ(result_of(report, "replication", "a1").state, State::critical);
}

TEST(Timeline, SaysWhyItCannotTell) {
  ClusterBuilder pair = failed_over(0x80, false);
  const CheckResult timeline = result_of(after_holds(pair), "timeline", "a1");
  EXPECT_EQ(timeline.state, State::unknown);
  EXPECT_EQ(timeline.summary,
            "because a1 is on timeline 1 at 0/30000E0, a2 is on timeline 2, and the histories part "
            "between 0/3000060 and 0/3000160");
}

TEST(Timeline, TellsAnOldPrimaryThatCameBackInsteadOfThePromotedOne) {
  ClusterBuilder pair;
  const NodeState old = pair.primary();
  pair.poll();
  pair.cut_standby().promote_standby().silence(0, FailureClass::refused);
  pair.poll();
  pair.snapshot.nodes[0].postgres.state = old;
  pair.primary().wal_senders.clear();
  pair.silence(1, FailureClass::refused);
  const CheckResult timeline = result_of(after_holds(pair), "timeline", "a2");
  EXPECT_EQ(timeline.state, State::critical);
  EXPECT_EQ(timeline.cause, "primary_behind");
  EXPECT_THAT(timeline.summary, HasSubstr("a1 is on timeline 1, but a2 has been on timeline 2"));
}

TEST(Timeline, IsUnknownOfASilentStandby) {
  EXPECT_EQ(result_of(report_on_nodes("P-"), "timeline", "a2").state, State::unknown);
}

// upstream

TEST(Upstream, NamesTheServerThatAStandbyFollowsInsteadOfThePrimary) {
  const ClusterReport report = report_on_nodes("Px");
  const CheckResult upstream = result_of(report, "upstream", "a2");
  EXPECT_EQ(upstream.state, State::critical);
  EXPECT_EQ(upstream.cause, "foreign");
  EXPECT_EQ(upstream.summary,
            "a2 streams from 192.0.2.1, which is none of the nodes that answer, and not from a1");
  EXPECT_EQ(root_cause(report.results)->check, "upstream");
}

TEST(Upstream, NamesANodeThatIsNotThePrimary) {
  const CheckResult upstream = result_of(report_on_nodes("Po-"), "upstream", "a2");
  EXPECT_EQ(upstream.cause, "other_node");
  EXPECT_EQ(upstream.summary, "a2 streams from a3, which does not answer, and not from a1");
}

TEST(Upstream, FindsNoFaultInACascadeAndNeitherDoesReplication) {
  const ClusterReport report = report_on_nodes("Pcs");
  EXPECT_EQ(result_of(report, "upstream", "a2").summary,
            "a2 streams from a3, a standby, and through it from a1");
  EXPECT_EQ(result_of(report, "replication", "a2").state, State::ok);
}

TEST(Upstream, SaysOfAStandbyBehindAWrongOneOnlyThatItDoesNotHelp) {
  Situation cluster("Pcn");  // a2 streams from a3
  cluster.state(2).wal_receiver = StatWalReceiverRow{
      .status = "streaming", .sender_host = "192.0.2.1", .last_message_age = Seconds{1}};
  cluster.lasting();
  const ClusterReport report = report_on(cluster.snapshot, cluster.policy, {}, cluster.memory);
  EXPECT_EQ(result_of(report, "upstream", "a3").cause, "foreign");
  EXPECT_EQ(result_of(report, "upstream", "a2").summary,
            "because a3, from which it streams, does not follow a1");
}

TEST(Upstream, CallsACircleByItsName) {
  EXPECT_EQ(result_of(report_on_nodes("Pcc"), "upstream", "a3").cause, "circle");
}

TEST(Upstream, LeavesAStandbyWithoutReceiverToReplication) {
  const ClusterReport report = report_on_nodes("Pn");
  EXPECT_FALSE(has_result(report, "upstream", "a2"));
  EXPECT_EQ(result_of(report, "replication", "a2").state, State::critical);
  EXPECT_EQ(result_of(report, "timeline", "a2").state, State::ok);
}

TEST(Upstream, IsUnknownWithoutThePrivilegeToLook) {
  const CheckResult upstream = result_of(report_on_nodes("Ph"), "upstream", "a2");
  EXPECT_EQ(upstream.state, State::unknown);
  EXPECT_THAT(upstream.summary, HasSubstr("lacks pg_monitor on a2"));
}

// replication

TEST(Replication, TellsTheOldPrimaryFromAnyMissingStandby) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby().silence(0, FailureClass::refused);
  const CheckResult replication = result_of(after_holds(pair), "replication", "a1");
  EXPECT_EQ(replication.cause, "old_primary");
  EXPECT_THAT(replication.summary, HasSubstr("it was the primary before"));
  EXPECT_THAT(replication.fix, Contains(HasSubstr("pg_rewind")));
}

}  // namespace
}  // namespace pgrepl
