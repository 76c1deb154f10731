// SPDX-License-Identifier: Apache-2.0
// Many clusters on one thread: what one cluster's poll costs does not grow with their number.
#include <gtest/gtest.h>
#include <time.h>

#include <map>
#include <string>
#include <vector>

#include "exporter/collect/poller.h"

namespace pgrepl {
namespace {

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Pairs whose ports nobody listens on: each poll is two refused connections, all on this thread.
std::vector<ClusterConfig> fleet_of(int clusters) {
  std::vector<ClusterConfig> fleet;
  for (int i = 0; i < clusters; ++i) {
    ClusterConfig cluster{.name = "c" + std::to_string(i)};
    for (const char* port : {"1", "2"}) {
      NodeConfig node{.name = port};
      node.connection.keywords = {
          {"host", "127.0.0.1"}, {"port", port}, {"user", "mon"}, {"password", "x"}};
      cluster.nodes.push_back(node);
    }
    fleet.push_back(std::move(cluster));
  }
  return fleet;
}

/// CPU seconds of this thread per poll, over polls after everybody's first.
double cost_of_one_poll(int clusters, int polls) {
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{0.5};
  std::stop_source stop;
  std::map<std::string, int> seen;
  int counted = 0;
  double began = 0, spent = 0;
  Poller poller(exporter, fleet_of(clusters), nullptr, [&](ClusterPoll poll) {
    for (const NodeObservation& node : poll.snapshot.nodes) {
      EXPECT_EQ(node.postgres.state.error().reason, FailureClass::refused);
    }
    ++seen[poll.snapshot.cluster];
    if (static_cast<int>(seen.size()) < clusters) return Pace::calm;
    if (counted++ == 0) began = thread_cpu_seconds();
    if (counted > polls) {
      spent = thread_cpu_seconds() - began;
      stop.request_stop();
    }
    return Pace::calm;
  });
  poller.run(stop.get_token());
  return spent / polls;
}

TEST(Fleet, CostOfOnePollDoesNotGrowWithTheNumberOfClusters) {
  (void)cost_of_one_poll(2, 4);  // libraries and caches get warm
  const double among_few = cost_of_one_poll(10, 60);
  const double among_many = cost_of_one_poll(200, 400);
  RecordProperty("microseconds_among_10", static_cast<int>(among_few * 1e6));
  RecordProperty("microseconds_among_200", static_cast<int>(among_many * 1e6));
  EXPECT_LT(among_many, 2 * among_few);
}

TEST(Fleet, EveryClusterIsPolledWithinOneInterval) {
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{1};
  std::stop_source stop;
  std::map<std::string, int> seen;
  const SteadyTime began = steady_now();
  Poller poller(exporter, fleet_of(200), nullptr, [&](ClusterPoll poll) {
    ++seen[poll.snapshot.cluster];
    if (seen.size() == 200) stop.request_stop();
    return Pace::calm;
  });
  poller.run(stop.get_token());
  EXPECT_LT(elapsed(began, steady_now()).count(), 3);
}

}  // namespace
}  // namespace pgrepl
