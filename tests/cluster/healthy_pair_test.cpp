// SPDX-License-Identifier: Apache-2.0
// What a reader sees of a pair that nobody has broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/cluster/watch.h"
#include "tests/support/checkout.h"
#include "tests/support/page_judge.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {
namespace {

TEST(HealthyPair, IsAllGreenWithTheSmallestConfiguration) {
  PostgresPair pair;
  Watch watch(pair, {.exporter = ""});
  EXPECT_TRUE(watch.all_green());
  std::set<std::string> checks;
  for (const Series& one : watch.exporter().metrics().series("pgrepl_check_status"))
    checks.insert(one.labels.at("check"));
  for (const char* check :
       {"node_up", "cluster_role", "replication", "sync_state", "replay_lag", "replay_lag_bytes",
        "lag_growth", "slot_active", "slot_retention", "slot_wal_status", "wal_directory",
        "archive", "wal_senders", "data_freshness"})
    EXPECT_TRUE(checks.contains(check)) << check;
}

TEST(HealthyPair, ShowsWhoIsWhat) {
  PostgresPair pair;
  Watch watch(pair);
  EXPECT_TRUE(watch.becomes("pgrepl_node_role", with(kPrimary, "role", "primary"), 1));
  EXPECT_TRUE(watch.becomes("pgrepl_node_role", with(kPrimary, "role", "standby"), 0));
  EXPECT_TRUE(watch.becomes("pgrepl_node_role", with(kStandby, "role", "standby"), 1));
  EXPECT_EQ(watch.value("pgrepl_node_up", kPrimary), 1);
  EXPECT_EQ(watch.value("pgrepl_node_timeline", kStandby), 1);
  EXPECT_EQ(watch.value("pgrepl_node_monitor_privilege", kStandby), 1);
  EXPECT_EQ(watch.value("pgrepl_walsender_sync_state", {{"sync_state", "sync"}}), 1);
  EXPECT_EQ(watch.value("pgrepl_slot_active", {{"slot_name", kSlotName}}), 1);
  EXPECT_EQ(watch.value("pgrepl_wal_receiver_up", kStandby), 1);
  EXPECT_EQ(watch.value("pgrepl_expected_standby_connected", kStandby), 1);
}

TEST(HealthyPair, HasNoLagWhileThePrimaryIsIdle) {
  PostgresPair pair;
  pair.primary().sql().execute("create table written as select 1");
  Watch watch(pair);
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "caught_up"), 1));
  EXPECT_TRUE(watch.exceeds("pgrepl_last_replayed_transaction_age_seconds", kStandby, 3));
  EXPECT_EQ(watch.value("pgrepl_replay_lag_seconds", kStandby), 0);
  EXPECT_EQ(watch.value("pgrepl_replay_lag_bytes", kStandby), 0);
}

TEST(HealthyPair, ServesAPageWithoutAFault) {
  PostgresPair pair;
  Watch watch(pair);
  EXPECT_TRUE(watch.all_green());
  const std::string page = watch.exporter().get("/metrics").body;
  EXPECT_THAT(judge_page(page), testing::IsEmpty());
  const TempDirectory directory;
  write_file(directory.path() / "page", page);
  const ProgramResult promtool = run_program(
      {.argv = {"/bin/sh", "-c", "exec \"$(\"$0\" promtool)\" check metrics <\"$1\"",
                (checkout() / "deploy/program").string(), (directory.path() / "page").string()}});
  EXPECT_EQ(promtool.exit_code, 0) << "promtool is part of Debian's package prometheus";
  EXPECT_EQ(promtool.out + promtool.err, "");
}

TEST(HealthyPair, PluginSaysOk) {
  PostgresPair pair;
  Watch watch(pair);
  EXPECT_TRUE(watch.all_green());
  const ProgramResult health = watch.exporter().check({"health"});
  EXPECT_EQ(health.exit_code, 0) << health.out << health.err;
  EXPECT_TRUE(health.out.find("OK") != std::string::npos) << health.out;
  const ProgramResult lag = watch.exporter().check({"replay_lag", "-n", kStandbyName});
  EXPECT_EQ(lag.exit_code, 0) << lag.out << lag.err;
  EXPECT_TRUE(lag.out.find("|") != std::string::npos) << "no perfdata: " << lag.out;
}

TEST(HealthyPair, CostsOneSessionANode) {
  PostgresPair pair;
  Watch watch(pair);
  EXPECT_TRUE(watch.exceeds("pgrepl_polls_total", kPrimary, 5));
  for (PostgresServer* node : {&pair.primary(), &pair.standby()})
    EXPECT_EQ(
        node->sql().value(std::string("select count(*) from pg_stat_activity where usename = '") +
                          kMonitorRole + "' and application_name = 'pgrepl_exporter'"),
        "1");
}

}  // namespace
}  // namespace pgrepl::test
