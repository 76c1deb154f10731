// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;

/// A pair, and a third node that streams from its standby.
struct Cascade : ClusterBuilder {
  Cascade() {
    policy.nodes.push_back({.name = "a3", .addresses = {"10.0.0.3"}});
    snapshot.nodes.push_back(snapshot.nodes[1]);
    snapshot.nodes[2].postgres.name = "a3";
    last().wal_receiver->sender_host = "10.0.0.2";
    last().wal_receiver->slot_name.reset();
    StatReplicationRow row = walsender();
    row.application_name = "a3";
    row.client_addr = "10.0.0.3";
    row.sync_state = "async";
    standby().wal_senders = {row};
  }
  NodeState& last() { return *snapshot.nodes[2].postgres.state; }
  ClusterReport look() {
    poll();
    last().position_read = standby().position_read;
    return poll();
  }
};

TEST(Cascade, IsNoFault) {
  Cascade cluster;
  const ClusterReport report = cluster.look();
  const CheckResult replication = result_of(report, "replication", "a3");
  EXPECT_EQ(replication.state, State::ok);
  EXPECT_EQ(replication.summary, "a3 streams from a2");
  EXPECT_EQ(result_of(report, "sync_state", "a3").state, State::ok) << "a2 is synchronous";
}

TEST(Cascade, DoesNotMakeUpForASynchronousStandby) {
  Cascade cluster;
  cluster.look();
  cluster.cut_standby();
  const ClusterReport report = cluster.poll(60);
  EXPECT_EQ(result_of(report, "sync_state", "a2").raw_state, State::critical);
  EXPECT_EQ(result_of(report, "sync_state", "a3").raw_state, State::ok) << "nobody names it";
}

TEST(Cascade, ThatIsCutIsMissed) {
  Cascade cluster;
  cluster.look();
  cluster.standby().wal_senders.clear();
  cluster.last().wal_receiver.reset();
  const CheckResult replication = result_of(cluster.poll(60), "replication", "a3");
  EXPECT_EQ(replication.raw_state, State::critical);
  EXPECT_EQ(result_of(cluster.poll(60), "replication", "a2").state, State::ok);
}

}  // namespace
}  // namespace pgrepl
