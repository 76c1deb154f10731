// SPDX-License-Identifier: Apache-2.0
// What goes wrong between two servers that both answer.
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

/// Fills whole segments, 16 MB each.
void write_wal(PostgresServer& primary, int segments) {
  Sql session = primary.sql();
  for (int i = 0; i < segments; ++i)
    session.execute(
        "set synchronous_commit = local; select pg_logical_emit_message(true, '', 'x'); "
        "select pg_switch_wal()");
}

TEST(PausedReplay, IsLagWithItsOwnState) {
  PostgresPair pair;
  Watch watch(
      pair, {.thresholds = "replay_lag = { warning = \"3000s\", critical = \"6000s\" }\n",
             .standby = "thresholds = { replay_lag = { warning = \"2s\", critical = \"4s\" } }\n"});
  ASSERT_TRUE(watch.all_green());
  pair.standby().sql().execute("select pg_wal_replay_pause()");
  pair.primary().sql().execute("create table missing as select 1");
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "paused"), 1));
  EXPECT_TRUE(watch.becomes("pgrepl_replay_paused", kStandby, 1));
  EXPECT_TRUE(watch.exceeds("pgrepl_replay_lag_bytes", kStandby, 0));
  EXPECT_TRUE(watch.exceeds("pgrepl_replay_lag_lower_bound_seconds", kStandby, 4));
  const MetricsPage page = watch.exporter().metrics();
  EXPECT_LE(page.value("pgrepl_replay_lag_lower_bound_seconds", kStandby),
            page.value("pgrepl_replay_lag_seconds", kStandby));
  EXPECT_LE(page.value("pgrepl_replay_lag_seconds", kStandby),
            page.value("pgrepl_replay_lag_upper_bound_seconds", kStandby));
  EXPECT_TRUE(watch.status_becomes("replay_lag", kStandby, 2));
  EXPECT_EQ(
      watch.value("pgrepl_check_cause", {{"check", "replay_lag"}, {"cause", "replay_paused"}}), 1);
  EXPECT_EQ(watch.exporter().check({"replay_lag", "-n", kStandbyName}).exit_code, 2);

  pair.standby().sql().execute("select pg_wal_replay_resume()");
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_seconds", kStandby, 0));
  EXPECT_TRUE(watch.all_green());
}

testing::AssertionResult has_limits(Watch& watch, const Labels& check, double warning,
                                    double critical) {
  const auto limit = [&](const char* severity) {
    return watch.value("pgrepl_check_threshold", with(check, "severity", severity));
  };
  if (limit("warning") == warning && limit("critical") == critical)
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << limit("warning").value_or(-1) << " and " << limit("critical").value_or(-1);
}

TEST(Thresholds, AreTheNearestOnesThatAreWritten) {
  PostgresPair pair;
  Watch watch(pair, {.cluster = "thresholds = { replay_lag = { warning = \"1200s\", critical = "
                                "\"2400s\" }, wal_senders = { warning = 3, critical = 1 } }\n",
                     .thresholds = "replay_lag = { warning = \"1h\", critical = \"2h\" }\n"
                                   "wal_senders = { warning = 2, critical = 0 }\n"
                                   "slot_retention = { warning = \"3GB\", critical = \"5GB\" }\n",
                     .standby = "thresholds = { replay_lag = { warning = \"2s\", critical = "
                                "\"1h\" } }\n"});
  ASSERT_TRUE(watch.all_green());
  EXPECT_TRUE(has_limits(watch, with(kStandby, "check", "replay_lag"), 2, 3600)) << "of the node";
  EXPECT_TRUE(has_limits(watch, with(kPrimary, "check", "wal_senders"), 3, 1)) << "of the cluster";
  EXPECT_TRUE(
      has_limits(watch, with(kPrimary, "check", "slot_retention"), 3. * (1 << 30), 5. * (1 << 30)))
      << "of all clusters";
  const std::string health = watch.exporter().check({"health"}).out;
  for (const char* limits : {"s;2;3600;0", ";3:;1:;0;5", "B;3221225472;5368709120;0"})
    EXPECT_NE(health.find(limits), std::string::npos) << limits << " is not in " << health;
}

TEST(PausedReplay, LagsOnAfterTheExporterRestarts) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().sql().execute("select pg_wal_replay_pause()");
  pair.primary().sql().execute("create table missing as select 1");
  EXPECT_TRUE(watch.exceeds("pgrepl_replay_lag_lower_bound_seconds", kStandby, 3));
  watch.exporter().restart();
  EXPECT_TRUE(watch.exceeds("pgrepl_replay_lag_seconds", kStandby, 0));
  EXPECT_NE(watch.value("pgrepl_replay_lag_upper_bound_seconds", kStandby), 0);
}

TEST(AbandonedSlot, HoldsWalAndSaysSo) {
  PostgresPair pair;
  Watch watch(pair,
              {.thresholds = "slot_active.inactive = { warning = \"2s\", critical = \"1h\" }\n"
                             "slot_retention = { warning = \"16MB\", critical = \"1GB\" }\n"});
  ASSERT_TRUE(watch.all_green());
  const Labels slot{{"slot_name", "abandoned"}};
  const Labels object{{"node", kPrimaryName}, {"object", "abandoned"}};
  pair.primary().sql().execute("select pg_create_physical_replication_slot('abandoned', true)");
  EXPECT_TRUE(watch.becomes("pgrepl_slot_active", slot, 0));
  write_wal(pair.primary(), 4);
  EXPECT_TRUE(watch.exceeds("pgrepl_slot_retained_bytes", slot, 32 << 20));
  EXPECT_TRUE(watch.exceeds("pgrepl_slot_inactive_seconds", slot, 2));
  EXPECT_TRUE(watch.status_becomes("slot_retention", object, 1));
  EXPECT_GE(watch.value("pgrepl_check_status", with(object, "check", "slot_active")), 1);

  pair.primary().sql().execute("select pg_drop_replication_slot('abandoned')");
  EXPECT_TRUE(watch.becomes("pgrepl_slot_active", slot, std::nullopt));
  EXPECT_TRUE(watch.all_green());
}

TEST(LostSlot, IsCriticalAndHasNoNumberInsteadOfZero) {
  PostgresPair pair({.settings = {{"max_slot_wal_keep_size", "16MB"}}});
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  const Labels slot{{"slot_name", "abandoned"}};
  pair.primary().sql().execute("select pg_create_physical_replication_slot('abandoned', true)");
  EXPECT_TRUE(watch.exceeds("pgrepl_slot_safe_bytes", slot, 0));
  write_wal(pair.primary(), 6);
  pair.primary().sql().execute("checkpoint");
  EXPECT_TRUE(watch.becomes("pgrepl_slot_wal_status", with(slot, "wal_status", "lost"), 1));
  EXPECT_TRUE(watch.becomes("pgrepl_slot_retained_bytes", slot, std::nullopt));
  EXPECT_TRUE(watch.status_becomes("slot_wal_status", {{"object", "abandoned"}}, 2));
  // The standby may have been slower than these segments, and lose its own slot as well.
  EXPECT_GE(watch.value("pgrepl_events_total", {{"kind", "slot_lost"}}), 1);
}

TEST(TwoPrimaries, AreCriticalAtOnceAndHaveNoLag) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.promote_standby();
  EXPECT_TRUE(watch.becomes("pgrepl_node_role", with(kStandby, "role", "primary"), 1));
  EXPECT_EQ(watch.value("pgrepl_node_role", with(kPrimary, "role", "primary")), 1);
  EXPECT_TRUE(watch.becomes("pgrepl_check_status", {{"check", "cluster_role"}}, 2));
  EXPECT_EQ(
      watch.value("pgrepl_check_cause", {{"check", "cluster_role"}, {"cause", "two_primaries"}}),
      1);
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_seconds", kStandby, std::nullopt));
  EXPECT_TRUE(watch.becomes("pgrepl_node_timeline", kStandby, 2));
  EXPECT_EQ(watch.value("pgrepl_node_timeline", kPrimary), 1);
  EXPECT_EQ(watch.exporter().check({"cluster_role"}).exit_code, 2);
}

TEST(RevokedPgMonitor, IsNamedAndNothingIsCalledHealthyOrDead) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.primary().sql().execute(std::string("revoke pg_monitor from ") + kMonitorRole);
  EXPECT_TRUE(watch.becomes("pgrepl_node_monitor_privilege", kPrimary, 0));
  EXPECT_TRUE(watch.status_becomes("node_up", kPrimary, 1));
  EXPECT_TRUE(watch.status_becomes("replication", kStandby, 3));
  EXPECT_TRUE(watch.becomes("pgrepl_wal_directory_bytes", kPrimary, std::nullopt));
  EXPECT_EQ(watch.value("pgrepl_node_up", kPrimary), 1);
  pair.primary().sql().execute(std::string("grant pg_monitor to ") + kMonitorRole);
  EXPECT_TRUE(watch.all_green());
}

TEST(LostSynchrony, IsCriticalWhereItWasSeenBefore) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.primary().set("synchronous_standby_names", "");
  pair.primary().reload();
  EXPECT_TRUE(watch.becomes("pgrepl_walsender_sync_state", {{"sync_state", "async"}}, 1));
  EXPECT_TRUE(watch.status_becomes("sync_state", kStandby, 2));
  EXPECT_EQ(watch.value("pgrepl_check_status", with(kStandby, "check", "replication")), 0);
}

TEST(FailingArchive, IsSeenInCountAndBacklog) {
  PostgresPair pair;
  Watch watch(pair, {.thresholds = "archive.backlog = { warning = 1, critical = 100 }\n"});
  ASSERT_TRUE(watch.all_green());
  pair.primary().set("archive_command", "false");
  pair.primary().reload();
  write_wal(pair.primary(), 4);
  EXPECT_TRUE(watch.exceeds("pgrepl_archiver_failed_total", kPrimary, 0));
  EXPECT_TRUE(watch.exceeds("pgrepl_archive_backlog_files", kPrimary, 1));
  EXPECT_TRUE(watch.status_becomes("archive", kPrimary, 1));
}

}  // namespace
}  // namespace pgrepl::test
