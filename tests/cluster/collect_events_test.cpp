// SPDX-License-Identifier: Apache-2.0
// What happens to a server while it is watched: killed, stopped, restarted, promoted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;

bool standby_down(const ClusterSnapshot& snapshot) { return failure_class(snapshot, 1) != "up"; }

TEST(CollectEvents, KilledServerIsNoticedWithoutWaitingForTheInterval) {
  PostgresPair pair;
  expect_kill_of_standby_is_noticed_at_once(cluster_config(pair), pair.standby());
}

TEST(CollectEvents, TerminatedSessionIsOpenedAnewAndCostsNoFacts) {
  PostgresPair pair;
  RunningPoller poller(quick_exporter(), {cluster_config(pair)});
  ASSERT_TRUE(poller.wait_for(both_up));
  pair.standby().sql().execute(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = "
      "'pgrepl_exporter'");
  ASSERT_TRUE(wait_until([&] { return poller.stats()[1].connects == 2; }, milliseconds(5000)));
  const auto seen = poller.next();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(both_up(*seen));
  EXPECT_THAT(poller.stats()[1].errors, testing::Each(0U));
}

TEST(CollectEvents, HungServerIsATimeoutWithinTheDeadlineAndTheOtherNodeIsThere) {
  PostgresPair pair;
  RunningPoller poller(quick_exporter(), {cluster_config(pair)});
  ASSERT_TRUE(poller.wait_for(both_up));
  pair.standby().pause();
  const auto hung = poller.wait_for(standby_down);
  ASSERT_TRUE(hung);
  EXPECT_EQ(failure_class(*hung, 0), "up");
  EXPECT_EQ(failure_class(*hung, 1), "timeout");
  EXPECT_EQ(hung->nodes[1].postgres.state.error().message, "query: no answer within 2 s");
  EXPECT_LT(hung->nodes[1].postgres.poll_duration.count(), 2.5);
  // From now on each poll is a new connection, which the kernel takes and nobody answers.
  const auto again = poller.next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->nodes[1].postgres.state.error().message, "connect: no answer within 2 s");
  const std::size_t descriptors = open_descriptors();
  ASSERT_TRUE(poller.next());
  EXPECT_LE(open_descriptors(), descriptors + 1);
  pair.standby().resume();
  EXPECT_TRUE(poller.wait_for(both_up, milliseconds(6000)));
}

TEST(CollectEvents, StopIsPromptWhileAServerHangs) {
  PostgresPair pair;
  ExporterConfig exporter = quick_exporter();
  exporter.poll_timeout = exporter.connect_timeout = Seconds{30};
  auto poller = std::make_unique<RunningPoller>(exporter, std::vector{cluster_config(pair)});
  ASSERT_TRUE(poller->wait_for(both_up));
  pair.standby().pause();
  (void)poller->wait_for(standby_down, milliseconds(500));
  const SteadyTime began = steady_now();
  poller.reset();
  EXPECT_LT(elapsed(began, steady_now()).count(), 0.5);
  pair.standby().resume();
}

TEST(CollectEvents, StopByOrderIsToldFromAnEndWithoutAWord) {
  PostgresPair pair;
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{60};
  RunningPoller poller(exporter, {cluster_config(pair)});
  ASSERT_TRUE(poller.wait_for(both_up));
  // Refused already, so only the session's last words tell.
  pair.standby().stop();
  const auto gone = poller.wait_for(
      [](const ClusterSnapshot& snapshot) { return failure_class(snapshot, 1) == "refused"; });
  ASSERT_TRUE(gone);
  EXPECT_TRUE(gone->nodes[1].postgres.announced_stop);
  EXPECT_FALSE(gone->nodes[0].postgres.announced_stop);
  pair.standby().start();
  RunningPoller again(quick_exporter(), {cluster_config(pair)});
  ASSERT_TRUE(again.wait_for(both_up));
  pair.standby().kill();
  const auto killed = again.wait_for(standby_down);
  ASSERT_TRUE(killed);
  EXPECT_FALSE(killed->nodes[1].postgres.announced_stop);
}

// The last words of a session then have the code of a stop by order.
TEST(CollectEvents, LossOfThePostmasterIsNoStopByOrder) {
  PostgresPair pair;
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{60};
  RunningPoller poller(exporter, {cluster_config(pair)});
  ASSERT_TRUE(poller.wait_for(both_up));
  ::kill(pair.standby().pid(), SIGKILL);
  const auto gone = poller.wait_for(standby_down);
  ASSERT_TRUE(gone);
  EXPECT_FALSE(gone->nodes[1].postgres.announced_stop);
}

TEST(CollectEvents, RestartBetweenPollsIsOverAfterOnePoll) {
  PostgresPair pair;
  RunningPoller poller(quick_exporter(), {cluster_config(pair)});
  const auto before = poller.wait_for(both_up);
  ASSERT_TRUE(before);
  pair.standby().restart();
  const auto started_anew = [&](const ClusterSnapshot& snapshot) {
    return both_up(snapshot) && snapshot.nodes[1].postgres.state->postmaster_start_timestamp >
                                    before->nodes[1].postgres.state->postmaster_start_timestamp;
  };
  EXPECT_TRUE(poller.wait_for(started_anew, milliseconds(2000)));
}

TEST(CollectEvents, PromotionShowsTwoPrimariesOnTwoTimelines) {
  PostgresPair pair;
  ExporterConfig exporter = quick_exporter();
  RunningPoller poller(exporter, {cluster_config(pair)}, Pace::alert);
  ASSERT_TRUE(poller.wait_for(both_up));
  pair.promote_standby();
  const auto two_primaries = [](const ClusterSnapshot& snapshot) {
    return both_up(snapshot) && !snapshot.nodes[0].postgres.state->in_recovery &&
           !snapshot.nodes[1].postgres.state->in_recovery;
  };
  const auto seen = poller.wait_for(two_primaries);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->nodes[0].postgres.state->timeline, 1U);
  EXPECT_EQ(seen->nodes[1].postgres.state->timeline, 2U);
  for (const NodePollStats& node : poller.stats()) EXPECT_THAT(node.errors, testing::Each(0U));
}

TEST(CollectEvents, ServerWithoutHotStandbyIsNotAccepting) {
  PostgresPair pair;
  pair.standby().stop();
  pair.standby().set("hot_standby", "off");
  pair.standby().start_without_waiting();
  RunningPoller poller(quick_exporter(), {cluster_config(pair)});
  const auto not_accepting = [](const ClusterSnapshot& snapshot) {
    return failure_class(snapshot, 1) == "not_accepting";
  };
  EXPECT_TRUE(poller.wait_for(not_accepting));
}

TEST(CollectEvents, ReplacedConfigurationKeepsTheSessionsOfNodesThatStay) {
  PostgresPair pair;
  RunningPoller poller(quick_exporter(), {cluster_config(pair)});
  ASSERT_TRUE(poller.wait_for(both_up));
  ClusterConfig primary_only = cluster_config({node_config(kPrimaryName, pair.primary().port())});
  // Between two polls most of the time; a session in the middle of one is opened anew.
  poller.poller().replace(quick_exporter(), {primary_only});
  const auto replaced = [](const ClusterSnapshot& snapshot) { return snapshot.nodes.size() == 1; };
  ASSERT_TRUE(poller.wait_for(replaced));
  ASSERT_EQ(poller.stats().size(), 1U);
  EXPECT_EQ(poller.stats()[0].connects, 1U);
}

}  // namespace
}  // namespace pgrepl::test
