// SPDX-License-Identifier: Apache-2.0
// Every major version that we say we watch: its facts are read, and its death is seen.
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

class Major : public ::testing::TestWithParam<int> {};

TEST_P(Major, IsWatchedFromHealthToTheStandbysEndAndBack) {
  PostgresPair pair({.major = GetParam()});
  EXPECT_EQ(pair.sync_state(), "sync");
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  const MetricsPage page = watch.exporter().metrics();
  for (const Labels& node : {kPrimary, kStandby}) {
    EXPECT_EQ(
        static_cast<int>(page.value("pgrepl_node_server_version_number", node).value_or(0) / 10000),
        GetParam());
    for (const char* metric : {"pgrepl_node_timeline", "pgrepl_node_start_timestamp_seconds",
                               "pgrepl_wal_directory_bytes"})
      EXPECT_GT(page.value(metric, node).value_or(0), 0) << metric;
  }
  EXPECT_EQ(page.value("pgrepl_walsender_sync_state", {{"sync_state", "sync"}}), 1);
  EXPECT_EQ(
      page.value("pgrepl_slot_wal_status", {{"slot_name", kSlotName}, {"wal_status", "reserved"}}),
      1);
  EXPECT_EQ(page.value("pgrepl_wal_receiver_up", kStandby), 1);
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "caught_up"), 1));

  pair.standby().sql().execute("select pg_wal_replay_pause()");
  pair.primary().sql().execute("create table missing as select 1");
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "paused"), 1));
  EXPECT_TRUE(watch.exceeds("pgrepl_replay_lag_seconds", kStandby, 0));
  pair.standby().sql().execute("select pg_wal_replay_resume()");

  pair.standby().stop();
  EXPECT_TRUE(watch.becomes("pgrepl_node_failure", with(kStandby, "reason", "refused"), 1));
  EXPECT_EQ(watch.value("pgrepl_node_up", kStandby), 0);
  EXPECT_TRUE(watch.becomes("pgrepl_expected_standby_connected", kStandby, 0));
  EXPECT_TRUE(watch.becomes("pgrepl_slot_active", {{"slot_name", kSlotName}}, 0));
  EXPECT_TRUE(watch.status_becomes("node_up", kStandby, 2));
  pair.standby().start();
  EXPECT_TRUE(watch.all_green());
}

TEST_P(Major, HasTwoPrimariesAfterAPromotion) {
  PostgresPair pair({.major = GetParam()});
  Watch watch(pair);
  pair.promote_standby();
  EXPECT_TRUE(watch.status_becomes("cluster_role", {}, 2));
  EXPECT_EQ(
      watch.value("pgrepl_check_cause", {{"check", "cluster_role"}, {"cause", "two_primaries"}}),
      1);
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_seconds", kStandby, std::nullopt));
  EXPECT_TRUE(watch.becomes("pgrepl_node_timeline", kStandby, 2));
}

INSTANTIATE_TEST_SUITE_P(PostgreSQL, Major, ::testing::Values(13, 14, 16, 17, 18),
                         [](const auto& major) { return std::to_string(major.param); });

}  // namespace
}  // namespace pgrepl::test
