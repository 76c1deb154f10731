// SPDX-License-Identifier: Apache-2.0
// Servers that are none, or that break off: a class at the deadline, and nothing is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/flat_memory.h"
#include "tests/support/process.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Polls as fast as the servers answer.
ExporterConfig restless_exporter() {
  ExporterConfig exporter;
  exporter.poll_interval = exporter.poll_interval_alert = Seconds{0.005};
  exporter.poll_timeout = exporter.connect_timeout = Seconds{0.3};
  return exporter;
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

TEST_F(Behind, DescriptorsAndMemoryStayFlatWhileConnectionsAreCut) {
  constexpr std::size_t kClusters = 6;
  gate_.set({.kind = GateRule::Kind::cut, .bytes = 1});
  RunningPoller poller(restless_exporter(), std::vector<ClusterConfig>(kClusters, cluster()));
  const auto cut = [&](int connections) {
    // in the greeting, in the login, in two places of the answer
    for (const std::size_t bytes : {1U, 60U, 600U, 1500U}) {
      gate_.set({.kind = GateRule::Kind::cut, .bytes = bytes});
      const int enough = gate_.connections() + connections / 4;
      ASSERT_TRUE(wait_until([&] { return gate_.connections() >= enough; }, seconds(120))) << bytes;
    }
  };
  ASSERT_NO_FATAL_FAILURE(cut(kWarmingFailures));
  const std::size_t descriptors = open_descriptors();
  const std::int64_t memory = resident_bytes(getpid());
  ASSERT_NO_FATAL_FAILURE(cut(kFlatFailures));
  // a poll may be going on at either moment, with its connection and the gate's two
  EXPECT_LE(open_descriptors(), descriptors + 3 * kClusters);
  EXPECT_LE(resident_bytes(getpid()) - memory, kMayGrow);
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
