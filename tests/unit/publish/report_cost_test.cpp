// SPDX-License-Identifier: Apache-2.0
// Many clusters on one board: what one cluster's report costs does not grow with their number.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "exporter/publish/prometheus_text.h"
#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

constexpr int kReportsPerRound = 25;
constexpr int kRounds = 5;

double thread_cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Pairs that take turns, as they do after their polls: judged, rendered and published.
class Fleet {
 public:
  explicit Fleet(int size) : pairs_(static_cast<std::size_t>(size)) {
    std::vector<std::string> names;
    for (test::ClusterBuilder& pair : pairs_) {
      names.push_back("c" + std::to_string(names.size()));
      pair.policy.name = pair.snapshot.cluster = names.back();
    }
    board_.configure(names);
    report(size);  // everybody's first report is over
  }

  void report(int reports) {
    for (int i = 0; i < reports; ++i) {
      test::ClusterBuilder& pair = pairs_[next_++ % pairs_.size()];
      pair.write(4096).replay_all();
      board_.publish(render_cluster(std::make_shared<const ClusterReport>(pair.poll())));
    }
  }

  /// CPU seconds of this thread per report.
  double cost_of_one_report() {
    const double began = thread_cpu_seconds();
    report(kReportsPerRound);
    return (thread_cpu_seconds() - began) / kReportsPerRound;
  }

  const ReportBoard& board() const { return board_; }

 private:
  std::vector<test::ClusterBuilder> pairs_;
  std::size_t next_ = 0;
  ReportBoard board_;
};

TEST(ReportCost, DoesNotGrowWithTheNumberOfClusters) {
  Fleet few(10), many(200);
  double among_few = std::numeric_limits<double>::infinity();
  double among_many = among_few;
  for (int round = 0; round < kRounds; ++round) {
    among_few = std::min(among_few, few.cost_of_one_report());
    among_many = std::min(among_many, many.cost_of_one_report());
  }
  RecordProperty("microseconds_among_10", static_cast<int>(among_few * 1e6));
  RecordProperty("microseconds_among_200", static_cast<int>(among_many * 1e6));
  EXPECT_LT(among_many, 2 * among_few);

  const auto seen = many.board().read();
  ASSERT_EQ(seen->clusters.size(), 200U);
  for (const auto& cluster : seen->clusters) EXPECT_NE(cluster->report, nullptr) << cluster->name;
}

}  // namespace
}  // namespace pgrepl
