// SPDX-License-Identifier: Apache-2.0
// One statement that fails or hangs never costs the facts of the others.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

constexpr char kHangingArchiver[] =
    "create or replace view pg_catalog.pg_stat_archiver as select s.* from "
    "pg_stat_get_archiver() s where pg_sleep(60) is not null";

/// A pair whose superuser has spoilt a view of the primary's catalogue.
class Spoilt : public testing::Test {
 protected:
  void spoil(const std::string& statement) {
    pair_.primary().sql().execute("set allow_system_table_mods = on; " + statement);
  }
  NodeState primary_in(const std::optional<ClusterSnapshot>& snapshot) {
    EXPECT_TRUE(snapshot && snapshot->nodes[0].postgres.up());
    const bool up = snapshot && snapshot->nodes[0].postgres.up();
    return up ? *snapshot->nodes[0].postgres.state : NodeState{};
  }

  PostgresPair pair_;
};

TEST_F(Spoilt, ForbiddenCoreStatementIsNamedAndTheOthersAreThere) {
  spoil("revoke select on pg_catalog.pg_replication_slots from public");
  RunningPoller poller(quick_exporter(), {cluster_config(pair_)});
  for (int poll = 0; poll < 3; ++poll) {
    const NodeState primary = primary_in(poller.next());
    ASSERT_TRUE(primary.missing.slots.has_value());
    EXPECT_EQ(primary.missing.slots->reason, FailureClass::permission);
    EXPECT_TRUE(primary.slots.empty());
    EXPECT_FALSE(primary.missing.wal_senders || primary.missing.wal_receiver ||
                 primary.missing.sync_rep_waiters);
    EXPECT_EQ(primary.wal_senders.size(), 1U);
    EXPECT_TRUE(primary.settings.value.has_value());
  }
  EXPECT_EQ(poller.stats()[0].connects, 1U);

  spoil("grant select on pg_catalog.pg_replication_slots to public");
  const auto whole = [](const ClusterSnapshot& snapshot) {
    const auto& state = snapshot.nodes[0].postgres.state;
    return state && state->missing == MissingParts{} && state->slots.size() == 1;
  };
  EXPECT_TRUE(poller.wait_for(whole));
}

TEST_F(Spoilt, SlowStatementThatHangsIsATimeoutAndTheOthersAreThere) {
  spoil(kHangingArchiver);
  RunningPoller poller(quick_exporter(), {cluster_config(pair_)});
  for (int poll = 0; poll < 3; ++poll) {
    const NodeState primary = primary_in(poller.next());
    ASSERT_TRUE(primary.archiver.failure.has_value());
    EXPECT_EQ(primary.archiver.failure->reason, FailureClass::timeout);
    EXPECT_FALSE(primary.archiver.value.has_value());
    EXPECT_EQ(primary.wal_senders.size(), 1U);
    EXPECT_TRUE(primary.settings.value && primary.wal_directory.value);
  }
  EXPECT_EQ(poller.stats()[0].connects, 1U);
}

TEST_F(Spoilt, BackendThatHangsAfterTheCoreKeepsTheCore) {
  spoil(kHangingArchiver);
  ExporterConfig exporter;
  exporter.poll_timeout = exporter.connect_timeout = Seconds{5};
  RunningPoller poller(exporter, {cluster_config(pair_)});
  // Stopped in the middle of the slow group, before the server's own limit ends the statement.
  std::optional<std::string> backend;
  const auto sleeps = [&] {
    backend = pair_.primary().sql().value(
        "select pid from pg_stat_activity where wait_event = 'PgSleep'");
    return backend.has_value();
  };
  ASSERT_TRUE(wait_until(sleeps, std::chrono::seconds(4)));
  ::kill(std::stoi(*backend), SIGSTOP);
  const NodeState primary = primary_in(poller.wait_after(0, [](const auto&) { return true; }));
  ::kill(std::stoi(*backend), SIGCONT);
  ASSERT_TRUE(primary.archiver.failure.has_value());
  EXPECT_EQ(primary.archiver.failure,
            (Failure{FailureClass::timeout, "query: no answer within 5 s"}));
  EXPECT_EQ(primary.wal_senders.size(), 1U);
  EXPECT_TRUE(primary.settings.value.has_value());
}

}  // namespace
}  // namespace pgrepl::test
