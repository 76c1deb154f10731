// SPDX-License-Identifier: Apache-2.0
// What holds up replay on a standby, or feeds it another way.
#include <gtest/gtest.h>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

TEST(BlockedReplay, IsNamedAfterTheQueryThatBlocksIt) {
  PostgresPair pair({.settings = {{"max_standby_streaming_delay", "-1"}}});
  pair.primary().sql().execute("create table seen as select 1");
  Watch watch(pair, {.thresholds = "replay_lag = { warning = \"2s\", critical = \"4s\" }\n"});
  ASSERT_TRUE(watch.all_green());
  const auto replayed = [&] {
    return pair.standby().sql().value("select to_regclass('seen') is not null") == "t";
  };
  ASSERT_TRUE(wait_until(replayed, kServerPatience));
  Sql reader = pair.standby().sql();
  reader.execute("begin isolation level repeatable read; select * from seen");
  pair.primary().sql().execute("set synchronous_commit = local; drop table seen");

  EXPECT_TRUE(
      watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "blocked_by_query"), 1));
  EXPECT_TRUE(watch.status_becomes("replay_lag", kStandby, 2));
  EXPECT_EQ(
      watch.value("pgrepl_check_cause", {{"check", "replay_lag"}, {"cause", "blocked_by_query"}}),
      1);
  reader.execute("rollback");
  EXPECT_TRUE(watch.all_green());
}

TEST(StandbyWithoutUpstream, LivesOnTheArchive) {
  PostgresPair pair;
  Watch watch(pair);
  ASSERT_TRUE(watch.all_green());
  pair.standby().set({{"primary_conninfo", ""},
                      {"restore_command", "cp " + pair.primary().archive().string() + "/%f %p"}});
  pair.standby().restart();
  EXPECT_TRUE(watch.becomes("pgrepl_replay_lag_state", with(kStandby, "state", "archive_only"), 1));
  EXPECT_TRUE(watch.status_becomes("replication", kStandby, 2));
  EXPECT_EQ(
      watch.value("pgrepl_check_cause", {{"check", "replication"}, {"cause", "archive_only"}}), 1);
}

}  // namespace
}  // namespace pgrepl::test
