// SPDX-License-Identifier: Apache-2.0
// Commits that hang for want of a synchronous standby: since when, and why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;

const WatchOptions kImpatient{.thresholds =
                                  "commit_stall = { warning = \"3s\", critical = \"1h\" }\n"};

::testing::AssertionResult stalls(Watch& watch, const Labels& node, const std::string& cause) {
  return watch.becomes("pgrepl_check_cause",
                       with(with(node, "check", "commit_stall"), "cause", cause), 1);
}

std::string summary(Watch& watch) { return watch.exporter().check({"commit_stall"}).out; }

void set_and_reload(PostgresServer& server, const std::string& name, const std::string& value) {
  server.set(name, value);
  server.reload();
}

TEST(CommitStall, NamesTheStandbyThatIsGone) {
  PostgresPair pair;
  Watch watch(pair, kImpatient);
  ASSERT_TRUE(watch.all_green());
  pair.standby().stop();
  Sql session = pair.primary().sql();
  session.send("create table waits as select 1");
  EXPECT_TRUE(stalls(watch, kPrimary, "standby_gone"));
  EXPECT_THAT(summary(watch), HasSubstr("1 commit on wallix-a1 waits for"));
  pair.standby().start();
  EXPECT_TRUE(watch.all_green());
}

TEST(CommitStall, FindsTheFrozenStandbyThatStillCountsAsStreaming) {
  PostgresPair pair;
  Watch watch(pair, kImpatient);
  ASSERT_TRUE(watch.all_green());
  pair.standby().pause();
  Sql session = pair.primary().sql();
  session.send("create table waits as select 1");
  EXPECT_TRUE(stalls(watch, kPrimary, "standby_hung"));
  EXPECT_EQ(watch.value("pgrepl_walsender_state", {{"state", "streaming"}}), 1);
  EXPECT_THAT(summary(watch), HasSubstr("wallix-a2 counts as streaming, but has not replied for"));
  pair.standby().resume();
  EXPECT_TRUE(watch.all_green());
}

TEST(CommitStall, TellsAWrongNameAndANumberThatIsTooHigh) {
  PostgresPair pair;
  Watch watch(pair, kImpatient);
  ASSERT_TRUE(watch.all_green());
  set_and_reload(pair.primary(), "synchronous_standby_names", "elsewhere");
  Sql session = pair.primary().sql();
  session.send("create table waits as select 1");
  EXPECT_TRUE(stalls(watch, kPrimary, "wrong_name"));
  EXPECT_THAT(summary(watch),
              HasSubstr("no standby calls itself elsewhere, one streams as wallix-a2"));
  EXPECT_TRUE(watch.status_becomes("sync_state", kStandby, 2));
  set_and_reload(pair.primary(), "synchronous_standby_names", "2 (\"wallix-a2\")");
  EXPECT_TRUE(stalls(watch, kPrimary, "too_few"));
  EXPECT_EQ(watch.value("pgrepl_sync_standbys_required", kPrimary), 2);
  EXPECT_EQ(watch.value("pgrepl_sync_standbys_fulfilled", kPrimary), 1);
  set_and_reload(pair.primary(), "synchronous_standby_names", "*");
  EXPECT_TRUE(watch.all_green());
}

TEST(CommitStall, TellsReplayThatCommitsWaitFor) {
  PostgresPair pair({.settings = {{"synchronous_commit", "remote_apply"}}});
  Watch watch(pair, kImpatient);
  ASSERT_TRUE(watch.all_green());
  pair.standby().sql().execute("select pg_wal_replay_pause()");
  Sql session = pair.primary().sql();
  session.send("create table waits as select 1");
  EXPECT_TRUE(stalls(watch, kPrimary, "replay_held"));
  pair.standby().sql().execute("select pg_wal_replay_resume()");
  EXPECT_TRUE(watch.all_green());
}

TEST(CommitStall, SeesAPromotedNodeWaitForItself) {
  PostgresPair pair;
  Watch watch(pair, kImpatient);
  ASSERT_TRUE(watch.all_green());
  set_and_reload(pair.standby(), "synchronous_standby_names", "\"wallix-a2\"");
  EXPECT_TRUE(
      watch.becomes("pgrepl_standby_sync_after_promotion", with(kStandby, "state", "blocked"), 1));
  pair.primary().stop();
  pair.promote_standby();
  Sql session = pair.standby().sql();
  session.send("create table waits as select 1");
  EXPECT_TRUE(stalls(watch, kStandby, "wrong_name"));
  EXPECT_THAT(summary(watch), HasSubstr("wallix-a2 waits for itself"));
  set_and_reload(pair.standby(), "synchronous_standby_names", "");
  EXPECT_TRUE(watch.status_becomes("commit_stall", kStandby, 0));
}

TEST(CommitStall, LeavesAProcedureAloneThatCommitsInALoop) {
  PostgresPair pair;
  Watch watch(pair, kImpatient);
  ASSERT_TRUE(watch.all_green());
  Sql session = pair.primary().sql();
  session.execute(
      "create table loaded (x int); create procedure load() language plpgsql as $$ begin "
      "while clock_timestamp() < statement_timestamp() + interval '15 s' loop "
      "insert into loaded values (1); commit; end loop; end $$");
  session.send("call load()");
  EXPECT_TRUE(watch.becomes("pgrepl_sync_rep_waiters", kPrimary, 1));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(12);
  while (std::chrono::steady_clock::now() < until) {
    ASSERT_EQ(watch.value("pgrepl_check_status", with(kPrimary, "check", "commit_stall")), 0);
    ASSERT_LT(watch.value("pgrepl_sync_rep_longest_wait_seconds", kPrimary).value_or(0), 2);
  }
}

}  // namespace
}  // namespace pgrepl::test
