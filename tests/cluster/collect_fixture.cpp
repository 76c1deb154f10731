// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/collect_fixture.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/wait_until.h"

namespace pgrepl::test {

NodeConfig node_config(const std::string& name, int port, const std::string& password) {
  NodeConfig node{.name = name};
  node.connection.keywords = {{"host", "127.0.0.1"},
                              {"port", std::to_string(port)},
                              {"user", kMonitorRole},
                              {"dbname", "postgres"}};
  node.connection.password = Secret(password);
  return node;
}

ClusterConfig cluster_config(std::vector<NodeConfig> nodes) {
  return {.name = "wallix", .nodes = std::move(nodes)};
}

ClusterConfig cluster_config(PostgresPair& pair) {
  return cluster_config({node_config(kPrimaryName, pair.primary().port()),
                         node_config(kStandbyName, pair.standby().port())});
}

ExporterConfig quick_exporter() {
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{0.3};
  exporter.poll_interval_alert = Seconds{0.1};
  exporter.slow_interval = Seconds{1};
  exporter.poll_timeout = exporter.connect_timeout = Seconds{2};
  return exporter;
}

RunningPoller::RunningPoller(const ExporterConfig& exporter, std::vector<ClusterConfig> clusters,
                             Pace pace)
    : poller_(exporter, std::move(clusters), nullptr,
              [this, pace](ClusterPoll poll) {
                const std::scoped_lock lock(mutex_);
                latest_ = std::move(poll.snapshot);
                stats_ = std::move(poll.stats);
                ++polls_;
                return pace;
              }),
      thread_([this](const std::stop_token& stop) { poller_.run(stop); }) {}

RunningPoller::~RunningPoller() = default;

std::optional<ClusterSnapshot> RunningPoller::wait_for(
    const std::function<bool(const ClusterSnapshot&)>& condition, std::chrono::milliseconds limit) {
  return wait_after(polls(), condition, limit);
}

std::optional<ClusterSnapshot> RunningPoller::wait_after(
    std::size_t before, const std::function<bool(const ClusterSnapshot&)>& condition,
    std::chrono::milliseconds limit) {
  std::optional<ClusterSnapshot> found;
  const auto seen = [&] {
    const std::scoped_lock lock(mutex_);
    if (polls_ > before && condition(*latest_)) found = latest_;
    return found.has_value();
  };
  (void)wait_until(seen, limit);
  return found;
}

std::optional<ClusterSnapshot> RunningPoller::next() {
  return wait_for([](const ClusterSnapshot&) { return true; });
}

std::vector<NodePollStats> RunningPoller::stats() const {
  const std::scoped_lock lock(mutex_);
  return stats_;
}

std::size_t RunningPoller::polls() const {
  const std::scoped_lock lock(mutex_);
  return polls_;
}

std::string failure_class(const ClusterSnapshot& snapshot, std::size_t node) {
  const NodeSnapshot& answer = snapshot.nodes[node].postgres;
  return answer.up() ? "up" : std::string(to_string(answer.state.error().reason));
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++count;
  return count;
}

bool both_up(const ClusterSnapshot& snapshot) {
  return failure_class(snapshot, 0) == "up" && failure_class(snapshot, 1) == "up";
}

void expect_kill_of_standby_is_noticed_at_once(const ClusterConfig& cluster,
                                               PostgresServer& standby) {
  const auto is_down = [](const ClusterSnapshot& snapshot) {
    return failure_class(snapshot, 1) != "up";
  };
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{60};
  RunningPoller poller(exporter, {cluster});
  ASSERT_TRUE(poller.wait_for(both_up));
  // The gap between two immediate polls is over: the next one comes at once.
  ASSERT_FALSE(poller.wait_for(is_down, std::chrono::milliseconds(1100)));
  const std::size_t polls = poller.polls();
  const SteadyTime killed = steady_now();
  standby.kill();
  const auto seen = poller.wait_after(polls, is_down, std::chrono::seconds(5));
  ASSERT_TRUE(seen);
  EXPECT_LT(elapsed(killed, seen->taken.steady).count(), 1);
  EXPECT_EQ(failure_class(*seen, 0), "up");
  // The last process of a dying server may still take a connection, and drops it.
  EXPECT_THAT(failure_class(*seen, 1), testing::AnyOf("refused", "other"));
}

}  // namespace pgrepl::test
