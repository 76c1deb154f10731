// SPDX-License-Identifier: Apache-2.0
// How long a dead or hanging server goes unnoticed; prints what it has measured.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <vector>

#include "tests/cluster/collect_fixture.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;

constexpr int kTimes = 7;

/// From a socket's closing to the end of the poll that sees it; a sanitizer slows down both ends.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSeenWithin = 2;
#else
constexpr double kSeenWithin = 0.2;
#endif

/// The condition that a node, by its index, does not answer.
auto down(std::size_t node) {
  return [node](const ClusterSnapshot& snapshot) { return failure_class(snapshot, node) != "up"; };
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void tell(const std::string& what, const std::vector<double>& seconds) {
  const auto [least, most] = std::ranges::minmax(seconds);
  std::cout << what << ": median " << 1000 * median(seconds) << " ms, " << 1000 * least << " to "
            << 1000 * most << " ms, " << seconds.size() << " times\n";
  ::testing::Test::RecordProperty("median_ms", std::to_string(1000 * median(seconds)));
}

/// From just before a node is killed to the end of the poll that misses it.  Absent: not seen.
std::optional<double> seconds_until_kill_is_seen(PostgresPair& pair, std::size_t node) {
  PostgresServer& server = node == 0 ? pair.primary() : pair.standby();
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{30};
  RunningPoller poller(exporter, {cluster_config(pair)});
  if (!poller.wait_for(both_up)) return std::nullopt;
  // The gap between two immediate polls must be over, or it would be measured, too.
  if (poller.wait_for(down(node), milliseconds(1100))) return std::nullopt;
  const std::size_t polls = poller.polls();
  const SteadyTime killed = steady_now();
  server.kill();
  const auto seen = poller.wait_after(polls, down(node));
  server.start();
  if (!seen || failure_class(*seen, 1 - node) != "up") return std::nullopt;
  return elapsed(killed, seen->taken.steady).count();
}

class KilledServer : public testing::TestWithParam<std::size_t> {};

// With 30 s between two polls only the closed socket tells so soon.
TEST_P(KilledServer, IsDetectedWithoutAPollThatIsDue) {
  PostgresPair pair;
  std::vector<double> took;
  for (int i = 0; i < kTimes; ++i) {
    const auto seconds = seconds_until_kill_is_seen(pair, GetParam());
    ASSERT_TRUE(seconds);
    took.push_back(*seconds);
  }
  tell(GetParam() == 0 ? "killed primary" : "killed standby", took);
  EXPECT_LT(std::ranges::max(took), kSeenWithin);
}

INSTANTIATE_TEST_SUITE_P(Detection, KilledServer, testing::Values(0, 1),
                         [](const auto& node) { return node.param == 0 ? "Primary" : "Standby"; });

TEST(Detection, OfAHangingServerTakesOnePollAndItsDeadline) {
  PostgresPair pair;
  ExporterConfig exporter;
  exporter.poll_interval = exporter.poll_interval_alert = Seconds{1};
  exporter.poll_timeout = exporter.connect_timeout = Seconds{1};
  RunningPoller poller(exporter, {cluster_config(pair)});
  std::vector<double> took;
  for (int i = 0; i < kTimes; ++i) {
    ASSERT_TRUE(poller.wait_for(both_up));
    const SteadyTime stopped = steady_now();
    pair.standby().pause();
    const auto seen = poller.wait_for(down(1));
    pair.standby().resume();
    ASSERT_TRUE(seen);
    EXPECT_EQ(failure_class(*seen, 1), "timeout");
    took.push_back(elapsed(stopped, seen->taken.steady).count());
  }
  tell("hanging server, polls 1 s apart and a deadline of 1 s", took);
  EXPECT_LT(median(took), 2 + 1);
}

}  // namespace
}  // namespace pgrepl::test
