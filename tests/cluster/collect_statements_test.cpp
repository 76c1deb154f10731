// SPDX-License-Identifier: Apache-2.0
// What a poll asks of a server: little where nothing is forbidden, on either role.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "exporter/collect/postgres/queries.h"
#include "tests/cluster/collect_fixture.h"

namespace pgrepl::test {
namespace {

using Names = std::set<std::string>;

/// What the server has executed since its log had so many bytes, but for the slow group.
Names executed_since(const PostgresServer& server, std::size_t begin) {
  const std::string log = server.log().substr(begin);
  Names names;
  for (const Statement& statement : statements()) {
    if (statement.group == StatementGroup::slow) continue;
    const std::string line = std::string("execute ") + statement.name + ":";
    if (log.find(line) != std::string::npos) names.insert(statement.name);
  }
  return names;
}

/// The same of two polls and the rest of the one that is under way.
Names executed_from_now_on(RunningPoller& poller, const PostgresServer& server) {
  poller.next();
  const std::size_t begin = server.log().size();
  poller.next();
  poller.next();
  return executed_since(server, begin);
}

const Names kFour{"pgrepl_whole", "pgrepl_wal_senders", "pgrepl_slots", "pgrepl_sync_rep_waiters"};

TEST(CollectStatements, AreFourOnEachRoleUnlessAFunctionIsForbidden) {
  PostgresPair pair({.settings = {{"log_min_duration_statement", "0"}}});
  RunningPoller poller(quick_exporter(), {cluster_config(pair)});
  const auto knows_systems = [](bool known) {
    return [known](const ClusterSnapshot& seen) {
      const auto& a = seen.nodes[0].postgres;
      const auto& b = seen.nodes[1].postgres;
      return a.up() && b.up() && a.state->system_identifier.has_value() == known &&
             b.state->system_identifier.has_value() == known;
    };
  };
  ASSERT_TRUE(poller.wait_for(knows_systems(true)));
  EXPECT_EQ(executed_from_now_on(poller, pair.primary()), kFour);
  EXPECT_EQ(executed_from_now_on(poller, pair.standby()), kFour);

  pair.primary().sql().execute("revoke execute on function pg_control_system() from public");
  ASSERT_TRUE(poller.wait_for(knows_systems(false)));
  for (const PostgresServer* server : {&pair.primary(), &pair.standby()}) {
    const Names executed = executed_from_now_on(poller, *server);
    EXPECT_THAT(executed, testing::Not(testing::Contains("pgrepl_whole")));
    EXPECT_THAT(executed, testing::IsSupersetOf({"pgrepl_node_state", "pgrepl_wal_receiver",
                                                 "pgrepl_wal_senders", "pgrepl_replay"}));
  }

  pair.primary().sql().execute("grant execute on function pg_control_system() to public");
  ASSERT_TRUE(poller.wait_for(knows_systems(true)));
  EXPECT_EQ(executed_from_now_on(poller, pair.primary()), kFour) << "not in parts for ever";
  EXPECT_EQ(executed_from_now_on(poller, pair.standby()), kFour);
}

}  // namespace
}  // namespace pgrepl::test
