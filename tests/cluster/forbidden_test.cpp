// SPDX-License-Identifier: Apache-2.0
// An administrator has taken EXECUTE on one of PostgreSQL's functions away from everybody: what it
// alone tells is unknown for that reason, and nothing else is lost.
#include <gmock/gmock.h>

#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;

void forbid(PostgresPair& pair, const std::string& function) {
  pair.primary().sql().execute("revoke execute on function " + function + " from public");
}

void allow(PostgresPair& pair, const std::string& function) {
  pair.primary().sql().execute("grant execute on function " + function + " to public");
}

/// What a reader needs of a pair at night, and what no function below may cost.
void expect_the_rest(Watch& watch) {
  for (const Labels& node : {kPrimary, kStandby}) {
    EXPECT_EQ(watch.value("pgrepl_node_up", node), 1);
    EXPECT_EQ(watch.value("pgrepl_node_monitor_privilege", node), 1);
  }
  EXPECT_EQ(watch.value("pgrepl_node_role", with(kPrimary, "role", "primary")), 1);
  EXPECT_EQ(watch.value("pgrepl_node_role", with(kStandby, "role", "standby")), 1);
  EXPECT_EQ(watch.value("pgrepl_walsender_sync_state", {{"sync_state", "sync"}}), 1);
  EXPECT_EQ(watch.value("pgrepl_slot_active", kPrimary), 1);
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "caught_up"), 1));
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_seconds", kStandby, 0));
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_bytes", kStandby, 0));
  for (const char* check :
       {"replication", "sync_state", "replay_lag", "replay_lag_bytes", "upstream", "node_up"}) {
    EXPECT_TRUE(watch.status_becomes(check, kStandby, 0)) << check;
  }
  EXPECT_TRUE(watch.status_becomes("cluster_role", {}, 0));
  EXPECT_TRUE(watch.status_becomes("slot_active", kPrimary, 0));
}

std::string said(Watch& watch, const std::string& check, const std::string& node) {
  return watch.exporter().check({"-m", check, "-n", node}).out;
}

TEST(ForbiddenSystemIdentifier, IsUnknownFromTheStartAndLagIsMeasuredAllTheSame) {
  PostgresPair pair;
  forbid(pair, "pg_control_system()");
  Watch watch(pair);
  EXPECT_TRUE(watch.status_becomes("system_identifier", kPrimary, 3));
  EXPECT_TRUE(watch.status_becomes("system_identifier", kStandby, 3));
  EXPECT_THAT(said(watch, "system_identifier", kPrimaryName),
              HasSubstr("does not show its system identifier: "));
  EXPECT_THAT(said(watch, "system_identifier", kPrimaryName), HasSubstr("pg_control_system"));
  EXPECT_TRUE(watch.status_becomes("timeline", kStandby, 0)) << "PostgreSQL compared the systems";
  expect_the_rest(watch);

  pair.standby().sql().execute("select pg_wal_replay_pause()");
  pair.primary().sql().execute("create table missing as select 1");
  EXPECT_TRUE(watch.exceeds("pgrepl_replay_lag_lower_bound_seconds", kStandby, 1));
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "paused"), 1));
  pair.standby().sql().execute("select pg_wal_replay_resume()");
  expect_the_rest(watch);

  allow(pair, "pg_control_system()");
  EXPECT_TRUE(watch.all_green());
}

TEST(ForbiddenTimeline, IsUnknownWhileEverythingElseGoesOn) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  forbid(pair, "pg_walfile_name(pg_lsn)");
  EXPECT_TRUE(watch.status_becomes("timeline", kStandby, 3));
  EXPECT_THAT(said(watch, "timeline", kStandbyName), HasSubstr("does not show its timeline: "));
  EXPECT_THAT(said(watch, "timeline", kStandbyName), HasSubstr("pg_walfile_name"));
  EXPECT_EQ(watch.value("pgrepl_node_timeline", kPrimary), std::nullopt);
  EXPECT_EQ(watch.value("pgrepl_node_timeline", kStandby), 1) << "its receiver tells";
  EXPECT_TRUE(watch.status_becomes("system_identifier", kStandby, 0));
  expect_the_rest(watch);
  for (const char* kind : {"timeline_switched", "system_changed", "position_went_back"}) {
    EXPECT_EQ(watch.value("pgrepl_events_total", {{"kind", kind}}).value_or(0), 0) << kind;
  }
  allow(pair, "pg_walfile_name(pg_lsn)");
  EXPECT_TRUE(watch.all_green());
}

TEST(ForbiddenControlFile, CostsAStreamingStandbyNothing) {
  PostgresPair pair;
  forbid(pair, "pg_control_checkpoint()");
  Watch watch(pair);
  EXPECT_TRUE(watch.all_green());
  expect_the_rest(watch);
  EXPECT_EQ(watch.value("pgrepl_node_timeline", kPrimary), 1);
  EXPECT_EQ(watch.value("pgrepl_node_timeline", kStandby), 1);
  EXPECT_TRUE(watch.exceeds("pgrepl_wal_directory_bytes", kPrimary, 0));
}

}  // namespace
}  // namespace pgrepl::test
