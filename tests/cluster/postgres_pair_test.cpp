// SPDX-License-Identifier: Apache-2.0
// The scenarios rest on the pair: it must be what the guide describes, and break as it is told to.
#include "tests/support/postgres_pair.h"

#include <gtest/gtest.h>

#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::seconds;

TEST(PostgresPair, StandbyStreamsSynchronouslyThroughItsSlot) {
  PostgresPair pair;
  EXPECT_EQ(pair.sync_state(), "sync");
  EXPECT_EQ(pair.primary().sql().value("select active from pg_replication_slots where slot_name = "
                                       "'wallix_a2_slot'"),
            "t");
  EXPECT_EQ(pair.standby().sql().value("select pg_is_in_recovery()"), "t");
}

TEST(PostgresPair, MonitorLogsInWithItsPasswordOnly) {
  PostgresPair pair;
  for (PostgresServer* node : {&pair.primary(), &pair.standby()}) {
    const std::string conninfo = node->conninfo(kMonitorRole);
    Sql session(conninfo + " password=" + kMonitorPassword);
    EXPECT_EQ(session.value("select pg_has_role(current_user, 'pg_monitor', 'usage')"), "t");
    EXPECT_THROW(Sql(conninfo + " password=wrong"), std::runtime_error);
  }
}

TEST(PostgresPair, CommitReachesTheStandby) {
  PostgresPair pair;
  pair.primary().sql().execute("create table seen as select 42 as answer");
  const auto arrived = [&] {
    return pair.standby().sql().value("select to_regclass('seen')").has_value();
  };
  EXPECT_TRUE(wait_until(arrived, seconds(20)));
}

TEST(PostgresPair, CompletedSegmentIsArchived) {
  PostgresPair pair;
  pair.primary().sql().execute("select pg_switch_wal()");
  const auto archived = [&] { return !std::filesystem::is_empty(pair.primary().archive()); };
  EXPECT_TRUE(wait_until(archived, seconds(20)));
}

TEST(PostgresPair, PausedServerAnswersNothingUntilResumed) {
  PostgresPair pair;
  pair.standby().pause();
  EXPECT_THROW(Sql(pair.standby().conninfo(kMonitorRole) + " password=x connect_timeout=2"),
               std::runtime_error);
  pair.standby().resume();
  EXPECT_EQ(pair.standby().sql().value("select 1"), "1");
}

TEST(PostgresPair, PromotionLeavesTwoPrimaries) {
  PostgresPair pair;
  pair.promote_standby();
  EXPECT_EQ(pair.primary().sql().value("select pg_is_in_recovery()"), "f");
  EXPECT_EQ(pair.standby().sql().value("select pg_is_in_recovery()"), "f");
}

TEST(PostgresPair, ReloadChangesWhoMayLogIn) {
  PostgresPair pair;
  const std::string conninfo =
      pair.primary().conninfo(kMonitorRole) + " password=" + kMonitorPassword;
  pair.primary().write_hba("host all all 127.0.0.1/32 reject\n");
  pair.primary().reload();
  EXPECT_THROW(Sql{conninfo}, std::runtime_error);
}

TEST(PostgresPair, NothingOutlivesAKilledServer) {
  PostgresPair pair;
  const std::vector<pid_t> family = process_family(pair.primary().pid());
  ASSERT_GT(family.size(), 4U);
  pair.primary().kill();
  for (const pid_t member : family) EXPECT_FALSE(is_alive(member));
  pair.primary().start();
  pair.wait_until_sync();
}

}  // namespace
}  // namespace pgrepl::test
