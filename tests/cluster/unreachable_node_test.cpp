// SPDX-License-Identifier: Apache-2.0
// A dead node is data: its failure has a class, the other node's facts stay, nothing hangs.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

::testing::AssertionResult fails_with(Watch& watch, const Labels& node, const char* reason) {
  const auto result = watch.becomes("pgrepl_node_failure", with(node, "reason", reason), 1);
  return result ? watch.becomes("pgrepl_node_up", node, 0) : result;
}

/// Ends the exporter's sessions, so that it must log in anew.
void end_sessions_of_monitor(PostgresServer& server) {
  server.sql().execute(
      std::string("select pg_terminate_backend(pid) from pg_stat_activity where usename = '") +
      kMonitorRole + "'");
}

TEST(StoppedStandby, IsDownAndMissedByThePrimary) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().stop();
  EXPECT_TRUE(fails_with(watch, kStandby, "refused"));
  EXPECT_TRUE(watch.becomes("pgrepl_expected_standby_connected", kStandby, 0));
  EXPECT_TRUE(watch.status_becomes("node_up", kStandby, 2));
  EXPECT_TRUE(watch.status_becomes("replication", kStandby, 2));
  EXPECT_EQ(watch.value("pgrepl_node_up", kPrimary), 1);
  EXPECT_NE(watch.value("pgrepl_replay_lag_seconds", kStandby), 0);

  const ProgramResult health = watch.exporter().check({"health"});
  EXPECT_EQ(health.exit_code, 2) << health.out;
  const std::string first_line = health.out.substr(0, health.out.find('\n'));
  EXPECT_NE(first_line.find(kStandbyName), std::string::npos) << "no root cause in: " << first_line;

  pair.standby().start();
  EXPECT_TRUE(watch.all_green());
}

TEST(StoppedStandby, IsAReasonToAskThePrimaryMoreOften) {
  PostgresPair pair;
  Watch watch(pair, {.exporter = "poll_interval = \"60s\"\npoll_interval_alert = \"1s\"\n"});
  ASSERT_TRUE(watch.all_green());
  const auto polls = [&] { return watch.value("pgrepl_polls_total", kPrimary).value_or(0); };
  double calm = 0;
  const auto nothing_is_asked = [&] {
    calm = polls();
    return !wait_until([&] { return polls() > calm; }, seconds(2));
  };
  ASSERT_TRUE(wait_until(nothing_is_asked, seconds(60))) << "without a reason";
  pair.standby().stop();
  // One poll comes of the session's end; without this reason the next would be a minute away.
  EXPECT_TRUE(wait_until([&] { return polls() > calm + 3; }, seconds(20)));
}

TEST(StoppedStandby, LetsSynchronousCommitsWaitVisibly) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().stop();
  Sql session = pair.primary().sql();
  session.send("create table waits as select 1");
  EXPECT_TRUE(watch.becomes("pgrepl_sync_rep_waiters", kPrimary, 1));
  EXPECT_TRUE(watch.exceeds("pgrepl_sync_rep_longest_wait_seconds", kPrimary, 2));
  pair.standby().start();
  EXPECT_TRUE(watch.becomes("pgrepl_sync_rep_waiters", kPrimary, 0));
}

TEST(FrozenStandby, TimesOutWhileThePrimaryStillCallsItStreaming) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().pause();
  EXPECT_TRUE(fails_with(watch, kStandby, "timeout"));
  EXPECT_EQ(watch.value("pgrepl_walsender_state", {{"state", "streaming"}}), 1);
  EXPECT_EQ(watch.value("pgrepl_node_up", kPrimary), 1);
  EXPECT_TRUE(watch.status_becomes("node_up", kStandby, 2));
  pair.standby().resume();
  EXPECT_TRUE(watch.all_green());
}

TEST(FrozenPair, DoesNotDelayThePage) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.primary().pause();
  pair.standby().pause();
  EXPECT_TRUE(fails_with(watch, kPrimary, "timeout"));
  EXPECT_TRUE(fails_with(watch, kStandby, "timeout"));
  const auto begin = Clock::now();
  EXPECT_EQ(watch.exporter().get("/metrics").status, 200);
  EXPECT_LT(Clock::now() - begin, seconds(1));
  pair.primary().resume();
  pair.standby().resume();
  EXPECT_TRUE(watch.all_green());
}

TEST(KilledPrimary, IsNoticedLongBeforeTheNextPoll) {
  PostgresPair pair;
  Watch watch(pair, {.exporter = "poll_interval = \"300s\"\n"});
  const auto begin = Clock::now();
  pair.primary().kill();
  EXPECT_TRUE(fails_with(watch, kPrimary, "refused"));
  EXPECT_LT(Clock::now() - begin, seconds(20));
}

TEST(RestartedPrimary, IsUpAgainWithItsNewStartTime) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  const auto started = watch.value("pgrepl_node_start_timestamp_seconds", kPrimary);
  ASSERT_TRUE(started.has_value());
  pair.primary().restart();
  EXPECT_TRUE(watch.exceeds("pgrepl_node_start_timestamp_seconds", kPrimary, *started));
  EXPECT_EQ(watch.value("pgrepl_events_total", {{"kind", "primary_restarted"}}), 1);
  EXPECT_TRUE(watch.all_green());
}

TEST(WrongPassword, HasAClassOfItsOwn) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.primary().sql().execute(std::string("alter role ") + kMonitorRole + " password 'changed'");
  end_sessions_of_monitor(pair.primary());
  EXPECT_TRUE(fails_with(watch, kPrimary, "password"));
  EXPECT_TRUE(watch.status_becomes("node_up", kPrimary, 2));
  pair.primary().sql().execute(std::string("alter role ") + kMonitorRole + " password '" +
                               kMonitorPassword + "'");
  EXPECT_TRUE(watch.all_green());
}

TEST(RejectingHba, HasAClassOfItsOwn) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  const std::string replication = "host replication replicator 127.0.0.1/32 scram-sha-256\n";
  pair.primary().write_hba(replication + "host all all 127.0.0.1/32 reject\n");
  pair.primary().reload();
  end_sessions_of_monitor(pair.primary());
  EXPECT_TRUE(fails_with(watch, kPrimary, "hba_rejected"));
  EXPECT_EQ(watch.value("pgrepl_node_up", kStandby), 1);
  pair.primary().write_hba(replication + "host all all 127.0.0.1/32 scram-sha-256\n");
  pair.primary().reload();
  EXPECT_TRUE(watch.all_green());
}

TEST(ExhaustedConnections, HaveAClassOfTheirOwn) {
  PostgresPair pair;
  std::vector<Sql> sessions;
  const std::string conninfo =
      pair.primary().conninfo(kMonitorRole) + " password=" + kMonitorPassword;
  EXPECT_THROW(for (int i = 0; i < 100; ++i) sessions.emplace_back(conninfo), std::runtime_error);
  Watch watch(pair);
  EXPECT_TRUE(fails_with(watch, kPrimary, "too_many_connections"));
  EXPECT_EQ(watch.value("pgrepl_node_up", kStandby), 1);
  sessions.clear();
  EXPECT_TRUE(watch.becomes("pgrepl_node_up", kPrimary, 1));
}

TEST(StartingServer, IsNotCalledDead) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().stop();
  pair.standby().set("hot_standby", "off");
  pair.standby().start_without_waiting();
  EXPECT_TRUE(fails_with(watch, kStandby, "not_accepting"));
  EXPECT_TRUE(watch.status_becomes("node_up", kStandby, 1));
}

}  // namespace
}  // namespace pgrepl::test
