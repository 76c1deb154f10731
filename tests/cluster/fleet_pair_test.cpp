// SPDX-License-Identifier: Apache-2.0
// Two hundred clusters whose servers answer: what one cluster's poll costs does not grow with their
// number.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "exporter/app/poll_desk.h"
#include "exporter/collect/clock.h"
#include "tests/cluster/collect_fixture.h"

namespace pgrepl::test {
namespace {

#ifdef __SANITIZE_ADDRESS__
// What the sanitizer does with the memory of 200 clusters is not a cost of ours, and so slow that
// their servers seem to hang.
constexpr int kFew = 5, kMany = 40;
constexpr double kMayCostTimes = 5;
#else
constexpr int kFew = 10, kMany = 200;
constexpr double kMayCostTimes = 2;
#endif

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void ignore(std::string_view /*said*/) {}

/// So many clusters that are all the same pair, each with sessions of its own.
Config fleet_of(int clusters, PostgresPair& pair) {
  Config config;
  config.exporter.poll_interval = config.exporter.poll_interval_alert = Seconds{5};
  config.exporter.connect_timeout = config.exporter.poll_timeout = Seconds{30};
  for (int i = 0; i < clusters; ++i) {
    ClusterConfig cluster = cluster_config(pair);
    cluster.name = cluster.policy.name = "c" + std::to_string(i);
    cluster.policy.nodes = {{.name = kPrimaryName}, {.name = kStandbyName}};
    config.clusters.push_back(std::move(cluster));
  }
  return config;
}

/// All that is done with a poll: collected, decoded, remembered, judged, rendered, published.
class Fleet {
 public:
  Fleet(int clusters, PostgresPair& pair)
      : clusters_(clusters),
        config_(fleet_of(clusters, pair)),
        poller_(config_.exporter, config_.clusters, nullptr,
                [this](ClusterPoll poll) { return take(std::move(poll)); }) {
    desk_.configure(config_, read_clocks());
  }

  /// CPU seconds of the poller's thread per poll, after everybody's first: the least of some
  /// rounds, because what else the machine does can only add to it.
  double cost_of_one_poll() {
    poller_.run(stop_.get_token());
    return least_;
  }
  const ReportBoard& board() const { return board_; }

 private:
  Pace take(ClusterPoll poll) {
    for (const NodeObservation& node : poll.snapshot.nodes) EXPECT_TRUE(node.postgres.up());
    ++seen_[poll.snapshot.cluster];
    desk_.take(std::move(poll));
    if (static_cast<int>(seen_.size()) == clusters_) count();
    return Pace::calm;
  }
  /// A round is as many polls as there are clusters.
  void count() {
    const double now = thread_cpu_seconds();
    if (counted_ % clusters_ == 0) {
      if (counted_ > 0) least_ = std::min(least_, (now - began_) / clusters_);
      began_ = now;
      if (counted_ / clusters_ == kRounds) stop_.request_stop();
    }
    ++counted_;
  }

  static constexpr int kRounds = 3;
  int clusters_, counted_ = 0;
  double began_ = 0, least_ = std::numeric_limits<double>::infinity();
  std::map<std::string, int> seen_;
  std::stop_source stop_;
  Config config_;
  ReportBoard board_;
  MemoryKeeper keeper_{"", ignore};
  MemoryWriter writer_{[](const std::string&, const std::string&) {}};
  PollDesk desk_{board_, keeper_, writer_};
  Poller poller_;
};

TEST(FleetOfPairs, CostOfOnePollDoesNotGrowWithTheNumberOfClusters) {
  PostgresPair pair({.settings = {{"max_connections", std::to_string(kMany + 50)}}});
  const double among_few = Fleet(kFew, pair).cost_of_one_poll();
  Fleet fleet(kMany, pair);
  const double among_many = fleet.cost_of_one_poll();

  RecordProperty("microseconds_among_10", static_cast<int>(among_few * 1e6));
  RecordProperty("microseconds_among_200", static_cast<int>(among_many * 1e6));
  EXPECT_LT(among_many, kMayCostTimes * among_few);
  for (const auto& cluster : fleet.board().read()->clusters) {
    ASSERT_NE(cluster->report, nullptr) << cluster->name;
    EXPECT_NE(cluster->report->analysis.primary(), std::nullopt) << cluster->name;
  }
}

}  // namespace
}  // namespace pgrepl::test
