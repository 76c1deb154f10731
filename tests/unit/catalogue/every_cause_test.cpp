// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "checks/model/failure.h"
#include "tests/support/cluster_builder.h"

// Where the analysis has a word of its own for what is wrong, the catalogue has a cause of that
// name: none of them may end as a verdict without a cause, or as none at all.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;

constexpr std::size_t kStandby = 1;

/// A judgement of what is concluded of a healthy pair but for what `spoil` changes.  It is the
/// first of all, so that no hold time hides what it finds.
template <class Spoil>
ClusterReport judged(Spoil spoil) {
  ClusterBuilder pair;
  ClusterReport report = pair.poll();
  spoil(report.analysis);
  report.results =
      judge({.snapshot = report.snapshot, .analysis = report.analysis, .policy = report.policy},
            pair.thresholds, {})
          .results;
  return report;
}

TEST(NodeUp, SaysOfEveryFailureWhichItIs) {
  for (const FailureClass reason : kFailureClasses) {
    ClusterBuilder pair;
    pair.poll();
    pair.silence(kStandby, reason).poll();
    const CheckResult result = result_of(pair.poll(), "node_up", "a2");
    EXPECT_NE(result.state, State::ok) << to_string(reason);
    EXPECT_EQ(result.cause, to_string(reason));
  }
}

TEST(FailoverReady, SaysOfEveryHindranceWhichItIs) {
  for (const Hindrance hindrance : kHindrances) {
    const ClusterReport report =
        judged([&](ClusterAnalysis& all) { all.readiness.hindrances = {hindrance}; });
    const CheckResult result = result_of(report, "failover_ready");
    EXPECT_NE(result.state, State::ok) << to_string(hindrance);
    EXPECT_EQ(result.cause, to_string(hindrance));
  }
}

/// A lag beyond all limits, for long enough.
void fall_behind(ClusterAnalysis& all, LagState state, Bottleneck bottleneck) {
  NodeAnalysis& standby = all.nodes[kStandby];
  standby.lag->state = state;
  standby.lag->bottleneck = bottleneck;
  standby.lag->time = {.estimate = Seconds{3600}, .lower = Seconds{3600}, .upper = Seconds{3600}};
  standby.lag->not_replayed = std::int64_t{1} << 40;
  standby.lag_forecast->growing_for = Seconds{3600};
}

void expect_of_every_lag_check(const ClusterReport& report, std::string_view cause) {
  for (const char* check : {"replay_lag", "replay_lag_bytes", "lag_growth"}) {
    const CheckResult result = result_of(report, check, "a2");
    EXPECT_EQ(result.state, State::critical) << check << " " << cause;
    EXPECT_EQ(result.cause, cause) << check;
  }
}

TEST(EveryLagCheck, SaysWhatMakesTheLag) {
  const auto expect = [](std::string_view cause, LagState state, Bottleneck bottleneck) {
    expect_of_every_lag_check(
        judged([&](ClusterAnalysis& all) { fall_behind(all, state, bottleneck); }), cause);
  };
  expect("receiver_down", LagState::receiver_down, Bottleneck::none);
  expect("archive_only", LagState::archive_only, Bottleneck::none);
  expect("replay_paused", LagState::paused, Bottleneck::none);
  expect("blocked_by_query", LagState::blocked_by_query, Bottleneck::none);
  expect("network", LagState::streaming, Bottleneck::network);
  expect("standby_disk", LagState::streaming, Bottleneck::standby_disk);
  expect("slow_replay", LagState::streaming, Bottleneck::replay);
}

TEST(EveryLagCheck, BlamesALimitWherePostgresqlPausedReplayItself) {
  expect_of_every_lag_check(
      judged([&](ClusterAnalysis& all) {
        fall_behind(all, LagState::paused, Bottleneck::none);
        all.nodes[kStandby].settings->misses = {
            {SettingMiss::below_primary, "max_connections is 50, and 100 on a1"}};
      }),
      "limit_below_primary");
}

}  // namespace
}  // namespace pgrepl
