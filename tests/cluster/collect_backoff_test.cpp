// SPDX-License-Identifier: Apache-2.0
// A refusal that only people can end: the polls go on, and repeat it; few of them ask the server.
#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Seconds kLongestPause{30};
/// What jitter and a busy machine leave of a pause for certain.
constexpr double kLeastShare = 0.6;

bool is_refused(const ClusterSnapshot& snapshot) {
  return failure_class(snapshot, 0) == "password";
}
bool is_up(const ClusterSnapshot& snapshot) { return failure_class(snapshot, 0) == "up"; }

class Refusal : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }

  /// The primary behind the gate, with a password that it does not know yet.
  ClusterConfig cluster() const {
    NodeConfig node = node_config(kPrimaryName, gate_.port(), password_);
    // With TLS an attempt that fails may be two connections.
    node.connection.keywords.emplace_back("sslmode", "disable");
    return cluster_config({node});
  }
  /// Polls ten times a second, and pauses as one does that polls every `interval`.
  static ExporterConfig exporter(Seconds interval) {
    ExporterConfig exporter;
    exporter.poll_interval = interval;
    exporter.poll_interval_alert = Seconds{0.1};
    return exporter;
  }
  void mend() const {
    pair_->primary().sql().execute(std::string("alter role ") + kMonitorRole + " password '" +
                                   password_ + "'");
  }
  /// When each of the first so many connections came.  Fewer: the others did not.
  std::vector<SteadyTime> arrivals(std::size_t count) const {
    std::vector<SteadyTime> seen;
    const SteadyTime limit = after(steady_now(), Seconds{60});
    while (seen.size() < count && steady_now() < limit) {
      const SteadyTime now = steady_now();
      while (seen.size() < static_cast<std::size_t>(gate_.connections())) seen.push_back(now);
      std::this_thread::sleep_for(milliseconds(2));
    }
    return seen;
  }

  static inline PostgresPair* pair_ = nullptr;
  static inline int tests_ = 0;
  const std::string password_ = "canary-mended-" + std::to_string(++tests_);
  TcpGate gate_{pair_->primary().port()};
};

TEST_F(Refusal, IsAskedForLessAndLessOftenAndItsEndIsNoticed) {
  constexpr double kFirst = 0.2;
  RunningPoller poller(exporter(Seconds{kFirst}), {cluster()}, Pace::alert);
  const std::vector<SteadyTime> seen = arrivals(6);
  ASSERT_EQ(seen.size(), 6U);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    const double pause = kFirst * std::pow(2, i - 1);
    EXPECT_GT(elapsed(seen[i - 1], seen[i]).count(), kLeastShare * pause) << i;
  }
  EXPECT_GT(poller.polls(), 4 * seen.size());
  const auto latest = poller.next();
  ASSERT_TRUE(latest);
  EXPECT_TRUE(is_refused(*latest)) << "a poll that asks nobody tells why";
  mend();
  EXPECT_TRUE(poller.wait_for(is_up, seconds(15)));
}

TEST_F(Refusal, IsAskedForAgainAfterHalfAMinuteAtTheLatest) {
  RunningPoller poller(exporter(Seconds{3600}), {cluster()}, Pace::alert);
  ASSERT_TRUE(poller.wait_for(is_refused));
  const SteadyTime refused = steady_now();
  ASSERT_TRUE(wait_until([&] { return poller.polls() > 50; }, seconds(30)));
  EXPECT_EQ(gate_.connections(), 1);
  mend();
  ASSERT_TRUE(poller.wait_for(is_up, seconds(60)));
  EXPECT_EQ(gate_.connections(), 2);
  EXPECT_LT(elapsed(refused, steady_now()).count(), kLongestPause.count() + 3);
  EXPECT_GT(elapsed(refused, steady_now()).count(), kLeastShare * kLongestPause.count());
}

TEST_F(Refusal, IsAskedForAtOnceWithAnotherConfiguration) {
  RunningPoller poller(exporter(Seconds{3600}), {cluster()}, Pace::alert);
  ASSERT_TRUE(poller.wait_for(is_refused));
  mend();
  poller.poller().replace(exporter(Seconds{3600}), {cluster()});
  EXPECT_TRUE(poller.wait_for(is_up, seconds(10)));
}

// What may pass by itself is worth an attempt with every poll.
TEST_F(Refusal, ThatMayPassByItselfIsAskedForWithEachPoll) {
  gate_.set({.kind = GateRule::Kind::reset});
  RunningPoller poller(exporter(Seconds{3600}), {cluster()}, Pace::alert);
  ASSERT_TRUE(wait_until([&] { return poller.polls() >= 10; }, seconds(20)));
  EXPECT_GE(gate_.connections(), 10);
}

}  // namespace
}  // namespace pgrepl::test
