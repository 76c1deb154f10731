// SPDX-License-Identifier: Apache-2.0
// Servers that are none, or that break off: a class at the deadline, and nothing is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;

ExporterConfig short_patience() {
  ExporterConfig exporter;
  exporter.poll_interval = exporter.poll_interval_alert = Seconds{0.1};
  exporter.poll_timeout = exporter.connect_timeout = Seconds{0.3};
  return exporter;
}

/// The descriptors that are open after some polls, and after many more.
void expect_flat(RunningPoller& poller) {
  ASSERT_TRUE(poller.next() && poller.next());
  const std::size_t before = open_descriptors();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(poller.next());
  EXPECT_LE(open_descriptors(), before + 2);  // a poll may be going on at either moment
}

class Behind : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }

  /// The primary as it is, the standby behind a gate with a fault.
  ClusterSnapshot poll_through(const GateRule& rule) {
    gate_.set(rule);
    ExporterConfig exporter;
    exporter.poll_timeout = exporter.connect_timeout = Seconds{1};
    return poll_cluster_once(exporter, cluster(), nullptr);
  }
  ClusterConfig cluster() {
    return cluster_config({node_config(kPrimaryName, pair_->primary().port()),
                           node_config(kStandbyName, gate_.port())});
  }

  static inline PostgresPair* pair_ = nullptr;
  TcpGate gate_{pair_->standby().port()};
};

TEST_F(Behind, SilentServerIsATimeoutAndTheOtherNodeIsThere) {
  for (const GateRule::Kind kind : {GateRule::Kind::not_accept, GateRule::Kind::black_hole}) {
    const ClusterSnapshot snapshot = poll_through({.kind = kind});
    EXPECT_EQ(failure_class(snapshot, 0), "up");
    EXPECT_EQ(failure_class(snapshot, 1), "timeout");
    EXPECT_LT(snapshot.nodes[1].postgres.poll_duration.count(), 1.5);
  }
}

TEST_F(Behind, DrippingServerIsATimeout) {
  const ClusterSnapshot snapshot =
      poll_through({.kind = GateRule::Kind::drip, .pause = milliseconds(20)});
  EXPECT_EQ(failure_class(snapshot, 0), "up");
  EXPECT_EQ(failure_class(snapshot, 1), "timeout");
}

TEST_F(Behind, ConnectionCutAnywhereIsAFailureAndNeverHalfAnAnswer) {
  for (std::size_t bytes = 1; bytes < 12'000; bytes = bytes * 3 / 2 + 1) {
    const ClusterSnapshot snapshot = poll_through({.kind = GateRule::Kind::cut, .bytes = bytes});
    ASSERT_EQ(failure_class(snapshot, 0), "up") << bytes;
    const NodeSnapshot& standby = snapshot.nodes[1].postgres;
    if (standby.up()) {
      EXPECT_TRUE(standby.state->wal_receiver.has_value()) << bytes;
      EXPECT_TRUE(standby.state->settings.value && standby.state->archive_status.value) << bytes;
    } else {
      EXPECT_EQ(failure_class(snapshot, 1), "other") << bytes;
    }
  }
}

TEST_F(Behind, DescriptorsStayFlatWhileConnectionsAreCut) {
  gate_.set({.kind = GateRule::Kind::cut, .bytes = 600});
  RunningPoller poller(short_patience(), {cluster()});
  expect_flat(poller);
}

TEST_F(Behind, RecoversWithinTwoPollsOfTheServersReturn) {
  RunningPoller poller(quick_exporter(), {cluster()});
  const auto is = [](const std::string& reason) {
    return [reason](const ClusterSnapshot& s) { return failure_class(s, 1) == reason; };
  };
  ASSERT_TRUE(poller.wait_for(is("up")));
  gate_.set({.kind = GateRule::Kind::reset});
  ASSERT_TRUE(poller.wait_for(is("other")));
  gate_.set({});
  const std::size_t polls = poller.polls();
  ASSERT_TRUE(poller.wait_after(polls, is("up")));
  EXPECT_LE(poller.polls(), polls + 3);
}

}  // namespace
}  // namespace pgrepl::test
