// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

// What is demanded of synchronous standbys, who fulfils it, and what each setting does after a
// promotion.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using testing::HasSubstr;

/// The verdict after every hold time has passed.
CheckResult settled(ClusterBuilder& pair, const std::string& node) {
  for (int i = 0; i < 5; ++i) pair.poll();
  return result_of(pair.poll(), "sync_state", node);
}

TEST(SyncState, NamesWhomCommitsWaitFor) {
  ClusterBuilder pair;
  EXPECT_EQ(result_of(pair.poll(), "sync_state", "a2").summary, "commits on a1 wait for a2");
  pair.add_standby("a3");
  pair.primary().synchronous_standby_names = "ANY 1 (a2, a3)";
  for (StatReplicationRow& row : pair.primary().wal_senders) row.sync_state = "quorum";
  EXPECT_EQ(result_of(pair.poll(), "sync_state", "a3").summary,
            "commits on a1 wait for any 1 of a2 and a3");
}

TEST(SyncState, SaysWhetherCommitsWaitOrAreNotSafeWhenTheStandbyIsGone) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby();
  CheckResult sync = settled(pair, "a2");
  EXPECT_EQ(sync.state, State::critical);
  EXPECT_EQ(sync.cause, "no_standby");
  EXPECT_EQ(sync.summary, "no synchronous standby: a2 is not connected, commits on a1 wait");
  pair.primary().synchronous_standby_names = "";
  sync = settled(pair, "a2");
  EXPECT_EQ(sync.cause, "no_standby");
  EXPECT_THAT(sync.summary, HasSubstr("what a1 commits is on it alone"));
}

TEST(SyncState, BlamesAnEmptiedSettingAndNotTheName) {
  ClusterBuilder pair;
  pair.poll();
  pair.primary().synchronous_standby_names = "";
  pair.walsender().sync_state = "async";
  pair.walsender().application_name = "15/main";
  const CheckResult sync = settled(pair, "a2");
  EXPECT_EQ(sync.cause, "async");
  EXPECT_THAT(sync.summary, HasSubstr("a1 demands none"));
}

TEST(SyncState, NamesBothNamesOfTheGuidesOwnRecipe) {
  ClusterBuilder pair;
  pair.walsender().application_name = "15/main";
  pair.walsender().sync_state = "async";
  const CheckResult sync = settled(pair, "a2");
  EXPECT_EQ(sync.cause, "application_name_mismatch");
  EXPECT_EQ(sync.summary, "commits on a1 wait for a2, but a2 streams as 15/main");
  EXPECT_THAT(sync.fix.front(), HasSubstr("application_name=a2"));
}

TEST(SyncState, SeesANameThatNobodyHasAlsoUnderTheNodesOwnName) {
  ClusterBuilder pair;
  pair.poll();
  pair.primary().synchronous_standby_names = "\"wallix-b\"";
  pair.walsender().sync_state = "async";
  const CheckResult sync = settled(pair, "a2");
  EXPECT_EQ(sync.cause, "application_name_mismatch");
  EXPECT_EQ(sync.summary, "commits on a1 wait for wallix-b, but a2 streams as a2");
}

TEST(SyncState, TakesTheSameNameInOtherLettersForTheSame) {
  ClusterBuilder pair;
  pair.primary().synchronous_standby_names = "A2";
  pair.walsender().sync_state = "potential";
  pair.walsender().state = "catchup";
  const CheckResult sync = settled(pair, "a2");
  EXPECT_EQ(sync.cause, "catching_up");
  EXPECT_EQ(sync.state, State::critical);
}

TEST(SyncState, CountsHowManyAreDemanded) {
  ClusterBuilder pair;
  pair.add_standby("a3");
  pair.primary().synchronous_standby_names = "FIRST 2 (a2, a3)";
  pair.poll();
  pair.primary().wal_senders.pop_back();
  const CheckResult gone = settled(pair, "a3");
  EXPECT_EQ(gone.cause, "no_standby");
  EXPECT_EQ(gone.summary, "1 of 2 synchronous standbys: a3 is not connected, commits on a1 wait");
  EXPECT_EQ(settled(pair, "a2").state, State::ok);  // it does its part
}

TEST(SyncState, CallsTwoThatAreDemandedOfOneTooFew) {
  ClusterBuilder pair;
  pair.primary().synchronous_standby_names = "FIRST 2 (a2, a3)";
  const CheckResult sync = settled(pair, "a2");
  EXPECT_EQ(sync.cause, "too_few");
  EXPECT_EQ(sync.state, State::critical);
  EXPECT_THAT(sync.summary, HasSubstr("1 of 2 synchronous standbys"));
}

TEST(SyncState, LeavesAStandbyAloneThatIsAsynchronousOnPurpose) {
  ClusterBuilder pair;
  pair.add_standby("a3");
  EXPECT_EQ(settled(pair, "a3").state, State::ok);
  pair.primary().wal_senders.erase(pair.primary().wal_senders.begin());
  EXPECT_EQ(settled(pair, "a2").cause, "no_standby");
  EXPECT_EQ(settled(pair, "a3").state, State::ok);
}

TEST(SyncState, IsFineWithAnotherNameThatTheSettingAsksFor) {
  ClusterBuilder pair;
  pair.walsender().application_name = "15/main";
  pair.primary().synchronous_standby_names = "*";
  EXPECT_EQ(settled(pair, "a2").state, State::ok);
}

TEST(SyncState, FollowsThePolicyBeforeTheSetting) {
  ClusterBuilder pair;
  pair.policy.expect_sync = ExpectSync::off;
  pair.walsender().sync_state = "async";
  EXPECT_FALSE(has_result(pair.poll(), "sync_state", "a2"));
  pair.policy.expect_sync = ExpectSync::required;
  pair.primary().synchronous_standby_names = "";
  EXPECT_EQ(settled(pair, "a2").cause, "async");
}

// --- the outlook ---------------------------------------------------------------------------------

SyncOutlook outlook(ClusterBuilder& pair, const std::string& setting) {
  pair.standby().synchronous_standby_names = setting;
  return pair.poll().analysis.nodes[1].sync_outlook.value();
}

TEST(SyncOutlook, TellsWhatAPromotionWouldDoToCommits) {
  ClusterBuilder pair;
  EXPECT_EQ(outlook(pair, "a1"), SyncOutlook::fine);
  EXPECT_EQ(outlook(pair, "A1, a2"), SyncOutlook::fine);
  EXPECT_EQ(outlook(pair, "*"), SyncOutlook::fine);
  EXPECT_EQ(outlook(pair, ""), SyncOutlook::async);
  EXPECT_EQ(outlook(pair, "a2"), SyncOutlook::blocked);  // copied along by pg_basebackup
  EXPECT_EQ(outlook(pair, "elsewhere"), SyncOutlook::blocked);
  EXPECT_EQ(outlook(pair, "FIRST 2 (a1, a2)"), SyncOutlook::blocked);
  pair.standby().synchronous_standby_names.reset();
  EXPECT_EQ(pair.poll().analysis.nodes[1].sync_outlook, SyncOutlook::unknown);
}

TEST(SyncOutlook, CountsStandbysThatStreamNow) {
  ClusterBuilder pair;
  pair.add_standby("a3");
  EXPECT_EQ(outlook(pair, "2 (a1, a3)"), SyncOutlook::fine);
  StatReplicationRow stranger = pair.walsender();
  stranger.application_name = "archive_site";
  stranger.client_addr = "10.9.9.9";
  pair.primary().wal_senders.push_back(stranger);
  EXPECT_EQ(outlook(pair, "archive_site"), SyncOutlook::fine);
}

TEST(SyncOutlook, KnowsTheNameThatDebianGivesToAReceiver) {
  ClusterBuilder pair;
  pair.primary().settings.value->cluster_name = "15/main";
  EXPECT_EQ(outlook(pair, "\"15/main\""), SyncOutlook::fine);
}

TEST(SyncOutlook, DoesNotCallANameWrongWhereNodesGoByOtherNames) {
  ClusterBuilder pair;
  pair.walsender().application_name = "site_b";
  EXPECT_EQ(outlook(pair, "site_a"), SyncOutlook::unknown);
  EXPECT_EQ(outlook(pair, "site_b"), SyncOutlook::blocked);
  EXPECT_EQ(outlook(pair, "a2"), SyncOutlook::blocked);
}

TEST(SyncOutlook, SeesAPromotedNodeThatWaitsForItself) {
  ClusterBuilder pair;
  pair.poll();
  pair.standby().synchronous_standby_names = "a2";
  pair.cut_standby().promote_standby().silence(0, FailureClass::refused);
  const ClusterReport report = pair.poll();
  EXPECT_EQ(report.analysis.nodes[1].sync_outlook, SyncOutlook::blocked);
  EXPECT_FALSE(report.analysis.nodes[0].sync_outlook);
}

}  // namespace
}  // namespace pgrepl
