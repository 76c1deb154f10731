// SPDX-License-Identifier: Apache-2.0
// How often a server is asked: the slow statements on a cadence of their own, and a connection that
// breaks again and again costs a poll a second.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "exporter/collect/postgres/queries.h"
#include "tests/cluster/collect_fixture.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool is_up(const ClusterSnapshot& snapshot) { return failure_class(snapshot, 0) == "up"; }

/// How often the server has executed a statement since its log had so many bytes.
int executions(const PostgresServer& server, const std::string& name, std::size_t begin = 0) {
  const std::string log = server.log();
  const std::string line = "execute " + name + ":";
  int count = 0;
  for (std::size_t at = log.find(line, begin); at != std::string::npos;
       at = log.find(line, at + 1)) {
    ++count;
  }
  return count;
}

/// When the poll of its only node began, but for what follows the node's answer.
SteadyTime beginning(const ClusterSnapshot& poll) {
  return after(poll.taken.steady, -poll.nodes[0].postgres.poll_duration);
}

constexpr const char* kOfEachPoll = "pgrepl_whole";

class SlowStatements : public testing::Test {
 protected:
  static constexpr Seconds kPollInterval{0.25}, kSlowInterval{2};
  static constexpr int kTimes = 3;

  static ExporterConfig exporter() {
    ExporterConfig exporter;
    exporter.poll_interval = exporter.poll_interval_alert = kPollInterval;
    exporter.slow_interval = kSlowInterval;
    return exporter;
  }

  PostgresPair pair_{{.settings = {{"log_min_duration_statement", "0"}}}};
};

TEST_F(SlowStatements, RunOnTheirOwnCadence) {
  const SteadyTime began = steady_now();
  RunningPoller poller(exporter(), {cluster_config(pair_)});
  for (const PostgresServer* server : {&pair_.primary(), &pair_.standby()}) {
    for (const Statement& statement : statements()) {
      if (statement.group != StatementGroup::slow) continue;
      const auto ran = [&] { return executions(*server, statement.name) >= kTimes; };
      ASSERT_TRUE(wait_until(ran, seconds(30))) << statement.name;
      // The first time is at once, and each further one is an interval away.
      const int times = executions(*server, statement.name);
      EXPECT_LE(times, elapsed(began, steady_now()) / kSlowInterval + 1) << statement.name;
    }
    // Half of the polls that were due leave room for a busy machine.
    const double polls = (kTimes - 1) * kSlowInterval / kPollInterval;
    EXPECT_GT(executions(*server, kOfEachPoll), polls / 2);
  }
}

TEST_F(SlowStatements, LeaveTheirFactsToThePollsBetween) {
  RunningPoller poller(exporter(), {cluster_config(pair_)});
  ASSERT_TRUE(poller.wait_for(is_up));
  for (int poll = 0; poll < 16; ++poll) {
    const auto seen = poller.next();
    ASSERT_TRUE(seen && is_up(*seen));
    const NodeState& state = *seen->nodes[0].postgres.state;
    EXPECT_TRUE(state.settings.value && state.wal_directory.value && state.archiver.value) << poll;
  }
}

class BrokenConnection : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }

  /// No poll of an interval comes while the test runs.
  static ExporterConfig exporter() {
    ExporterConfig exporter;
    exporter.poll_interval = exporter.poll_interval_alert = Seconds{300};
    return exporter;
  }
  ClusterConfig cluster() const {
    NodeConfig node = node_config(kPrimaryName, gate_.port());
    node.connection.keywords.emplace_back("sslmode", "disable");
    return cluster_config({node});
  }
  void break_connection() {
    gate_.set({.kind = GateRule::Kind::reset});
    gate_.set({});
  }

  static inline PostgresPair* pair_ = nullptr;
  TcpGate gate_{pair_->primary().port()};
};

TEST_F(BrokenConnection, StartsAPollAtOnceButOneASecond) {
  RunningPoller poller(exporter(), {cluster()});
  auto seen = poller.wait_for(is_up);
  ASSERT_TRUE(seen);
  for (int time = 0; time < 4; ++time) {
    const std::size_t polls = poller.polls();
    const SteadyTime before = beginning(*seen);
    break_connection();
    seen = poller.wait_after(polls, is_up, seconds(10));
    ASSERT_TRUE(seen) << time;
    EXPECT_GT(elapsed(before, beginning(*seen)).count(), 0.95) << time;
    EXPECT_LT(elapsed(before, beginning(*seen)).count(), 3) << time;
  }
}

TEST_F(BrokenConnection, OfANodeThatHasAnsweredStartsThePollAfterTheOneThatGoesOn) {
  TcpGate standby_gate(pair_->standby().port());
  ClusterConfig both = cluster();
  both.nodes.push_back(node_config(kStandbyName, standby_gate.port()));
  RunningPoller poller(exporter(), {both});
  ASSERT_TRUE(poller.wait_for(is_up));
  // The primary's session ends and a new one hangs: the poll goes on, and the standby answers it.
  gate_.set({.kind = GateRule::Kind::not_accept});
  const std::size_t polls = poller.polls();
  const int trips = standby_gate.round_trips();
  pair_->primary().sql().execute(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = "
      "'pgrepl_exporter'");
  ASSERT_TRUE(wait_until([&] { return standby_gate.round_trips() > trips; }, seconds(10)));
  std::this_thread::sleep_for(milliseconds(500));
  standby_gate.set({.kind = GateRule::Kind::reset});
  standby_gate.set({});
  ASSERT_EQ(poller.polls(), polls);
  gate_.set({});
  EXPECT_TRUE(wait_until([&] { return poller.polls() == polls + 2; }, seconds(10)));
}

TEST_F(BrokenConnection, ThatIsResetForEverStartsNoPollAfterPoll) {
  RunningPoller poller(exporter(), {cluster()});
  ASSERT_TRUE(poller.wait_for(is_up));
  const std::size_t polls = poller.polls();
  gate_.set({.kind = GateRule::Kind::reset});
  ASSERT_TRUE(poller.wait_after(
      polls, [](const ClusterSnapshot& snapshot) { return !is_up(snapshot); }, seconds(10)));
  std::this_thread::sleep_for(milliseconds(2500));
  EXPECT_EQ(poller.polls(), polls + 1);
}

}  // namespace
}  // namespace pgrepl::test
