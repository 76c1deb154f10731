// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/catalogue/lag_causes.h"
#include "tests/support/cluster_builder.h"

// Causes that the scenarios of tests/cluster/faults cannot bring about.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;

StandbyLag lagging(LagState state, Bottleneck bottleneck = Bottleneck::none) {
  StandbyLag lag;
  lag.state = state;
  lag.bottleneck = bottleneck;
  return lag;
}

ClusterReport after_holds(ClusterBuilder& pair) {
  for (int i = 0; i < 13; ++i) pair.poll();
  return pair.poll();
}

TEST(LagCause, IsTheStateOfTheStandbyOrElseTheBottleneck) {
  using catalogue::likely_cause;
  EXPECT_EQ(likely_cause(lagging(LagState::receiver_down)), "receiver_down");
  EXPECT_EQ(likely_cause(lagging(LagState::archive_only)), "archive_only");
  EXPECT_EQ(likely_cause(lagging(LagState::paused)), "replay_paused");
  EXPECT_EQ(likely_cause(lagging(LagState::blocked_by_query)), "blocked_by_query");
  EXPECT_EQ(likely_cause(lagging(LagState::streaming, Bottleneck::network)), "network");
  EXPECT_EQ(likely_cause(lagging(LagState::streaming, Bottleneck::standby_disk)), "standby_disk");
  EXPECT_EQ(likely_cause(lagging(LagState::streaming, Bottleneck::replay)), "slow_replay");
}

TEST(LagCause, IsALimitWherePostgresqlPausedReplayItself) {
  NodeAnalysis standby;
  standby.settings.emplace();
  standby.settings->misses = {{SettingMiss::below_primary, "max_connections is 50"}};
  const Reading paused{.node = "a2", .cause = "replay_paused"};
  EXPECT_EQ(catalogue::blame_limits(standby, paused).cause, "limit_below_primary");
}

TEST(Replication, TellsAStandbyThatCatchesUp) {
  ClusterBuilder pair;
  pair.walsender().state = "catchup";
  EXPECT_EQ(result_of(after_holds(pair), "replication", "a2").cause, "catching_up");
}

TEST(FailoverReady, MindsAStandbyThatDoesNotStream) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby();
  EXPECT_EQ(result_of(after_holds(pair), "failover_ready").cause, "not_streaming");
}

TEST(WalsendersSetting, CountsThemBesideWhatIsInUse) {
  ClusterBuilder pair;
  pair.primary().settings.value->max_wal_senders = 3;
  EXPECT_EQ(result_of(after_holds(pair), "settings", "a1").cause, "few_walsenders");
}

TEST(DiskUsage, TellsAFullFilesystemFromOneThatFills) {
  ClusterBuilder pair;
  pair.policy.nodes[0].host_configured = true;
  const auto cause_with = [&](double available) {
    const Filesystem filesystem{
        .mountpoint = "/", .size = 1 << 30, .free = available, .available = available};
    pair.snapshot.nodes[0].host = HostSnapshot{
        .directories = {
            {.purpose = DirectoryPurpose::wal, .path = "/wal", .filesystem = filesystem}}};
    return result_of(pair.poll(), "disk_usage", "a1", "wal").cause;
  };
  EXPECT_EQ(cause_with(4096), "full");
  EXPECT_EQ(cause_with(1 << 26), "filling_up");
}

}  // namespace
}  // namespace pgrepl
