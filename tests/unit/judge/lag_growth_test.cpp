// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

// lag_growth, and what is forecast of a lag, in a pair over time.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::int64_t kMegabyte = 1 << 20;
constexpr double kPoll = 5;

/// Polls for so many minutes; the primary writes and the standby replays so much at each poll.
ClusterReport run(ClusterBuilder& pair, double minutes, std::int64_t written,
                  std::int64_t replayed) {
  for (double second = kPoll; second < minutes * 60; second += kPoll) {
    pair.write(written).receive_all().replay(replayed).poll(kPoll);
  }
  return pair.write(written).receive_all().replay(replayed).poll(kPoll);
}

CheckResult growth(const ClusterReport& report) { return result_of(report, "lag_growth", "a2"); }

TEST(LagGrowth, WarnsOfAStandbyThatFallsFurtherBehind) {
  ClusterBuilder pair;
  const ClusterReport report = run(pair, 4, 2 * kMegabyte, kMegabyte);
  const CheckResult result = growth(report);
  EXPECT_EQ(result.state, State::warning);
  EXPECT_EQ(result.cause, "slow_replay");
  EXPECT_THAT(result.summary, AllOf(HasSubstr("a2 has 48 MB of WAL to replay, growing for"),
                                    HasSubstr("by 205 kB per second: replay is slow")));
  EXPECT_THAT(result_of(report, "replay_lag", "a2").summary,
              HasSubstr("behind, streaming: replay is slow"));
  EXPECT_EQ(result_of(report, "replay_lag_bytes", "a2").summary,
            "a2 has 48 MB of WAL to replay: replay is slow");
  EXPECT_FALSE(result.fix.empty());
  const LagForecast& forecast = *report.analysis.nodes[1].lag_forecast;
  EXPECT_EQ(forecast.trend, LagTrend::growing);
  EXPECT_FALSE(forecast.catch_up) << "it never will";
  EXPECT_NEAR(*forecast.replay_rate, kMegabyte / kPoll, 1);
}

TEST(LagGrowth, IsCriticalOnlyAfterTenMinutesAndHalfAGigabyte) {
  ClusterBuilder few;
  EXPECT_EQ(growth(run(few, 13, 2 * kMegabyte, kMegabyte)).state, State::warning);
  ClusterBuilder many;
  EXPECT_EQ(growth(run(many, 8, 20 * kMegabyte, kMegabyte)).state, State::warning);
  EXPECT_EQ(growth(run(many, 4, 20 * kMegabyte, kMegabyte)).state, State::critical);
}

TEST(LagGrowth, KeepsQuietWhileTheLagIsShort) {
  ClusterBuilder pair;
  Limits patient{.warning = above(3600), .critical = {}};
  pair.thresholds = Thresholds{{{{"replay_lag", "lag"}, patient}}, {}, {}};
  const CheckResult result = growth(run(pair, 12, 20 * kMegabyte, kMegabyte));
  EXPECT_EQ(result.state, State::ok) << "replay_lag's own warning decides what is short";
  EXPECT_THAT(result.summary, HasSubstr("growing for"));
}

TEST(LagGrowth, KeepsQuietOnAnIdlePair) {
  ClusterBuilder pair;
  const ClusterReport report = run(pair, 30, 0, 0);
  EXPECT_EQ(growth(report).state, State::ok);
  EXPECT_EQ(growth(report).summary, "a2 keeps up");
  EXPECT_EQ(report.analysis.nodes[1].lag_forecast->catch_up, Seconds{0});
}

TEST(LagGrowth, KeepsQuietOnAPausedStandbyOfAnIdlePrimary) {
  ClusterBuilder pair;
  pair.poll();
  pair.standby().replay_paused = true;
  run(pair, 1, 20 * kMegabyte, 0);
  const ClusterReport report = run(pair, 30, 0, 0);
  EXPECT_EQ(result_of(report, "replay_lag", "a2").state, State::critical) << "this one speaks";
  EXPECT_EQ(growth(report).state, State::ok);
  EXPECT_THAT(growth(report).summary, HasSubstr("not growing"));
  EXPECT_EQ(report.analysis.nodes[1].lag_forecast->trend, LagTrend::steady);
  EXPECT_FALSE(report.analysis.nodes[1].lag_forecast->catch_up);
}

TEST(LagGrowth, KeepsQuietUnderALoadThatIsKeptUpWith) {
  ClusterBuilder pair;
  run(pair, 1, 40 * kMegabyte, 39 * kMegabyte);
  EXPECT_EQ(growth(run(pair, 20, 40 * kMegabyte, 40 * kMegabyte)).state, State::ok);
}

TEST(LagGrowth, TellsWhenAStandbyWillHaveCaughtUp) {
  ClusterBuilder pair;
  run(pair, 2, 20 * kMegabyte, 0);  // 480 MB behind
  const ClusterReport report = run(pair, 2, kMegabyte, 6 * kMegabyte);
  const LagForecast& forecast = *report.analysis.nodes[1].lag_forecast;
  EXPECT_EQ(forecast.trend, LagTrend::shrinking);
  EXPECT_NEAR(forecast.catch_up->count(), 360, 1) << "360 MB by 1 MB/s";
  EXPECT_THAT(growth(report).summary, HasSubstr("catches up in about 6 min"));
  EXPECT_EQ(growth(report).state, State::ok);
}

TEST(LagGrowth, GoesOnThroughARestartOfTheExporter) {
  ClusterBuilder pair;
  run(pair, 4, 2 * kMegabyte, kMegabyte);
  const auto back =
      decode_memory(encode_memory(pair.memory, pair.snapshot.taken), pair.snapshot.taken);
  ASSERT_TRUE(back) << back.error();
  pair.memory = *back;
  EXPECT_EQ(growth(run(pair, 0.1, 2 * kMegabyte, kMegabyte)).state, State::warning);
}

TEST(LagGrowth, IsUnknownOfAStandbyThatDoesNotAnswer) {
  ClusterBuilder pair;
  run(pair, 4, 2 * kMegabyte, kMegabyte);
  pair.silence(1, FailureClass::timeout).poll();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(growth(report).state, State::unknown);
  EXPECT_FALSE(report.analysis.nodes[1].lag_forecast->growth) << "an old rate is no rate";
}

TEST(LagGrowth, StartsAnewWhenAnotherPrimaryIsMeasuredBy) {
  ClusterBuilder pair;
  run(pair, 4, 2 * kMegabyte, kMegabyte);
  pair.primary().timeline = 2;
  pair.standby().timeline = 2;
  EXPECT_EQ(run(pair, 0.1, 0, 0).analysis.nodes[1].lag_forecast->growing_for, Seconds{0});
}

TEST(DataLoss, IsNoneOnceTheStandbyHasWhatThePrimaryHadThoughNothingIsReplayed) {
  ClusterBuilder pair;
  pair.poll();
  const ClusterReport report = pair.write(20 * kMegabyte).receive_all().poll();
  const DataLoss& loss = *report.analysis.nodes[1].loss;
  EXPECT_EQ(loss.bytes, 0);
  EXPECT_TRUE(loss.time.caught_up);
  EXPECT_GT(report.analysis.nodes[1].lag->not_replayed, 0);
}

TEST(DataLoss, GrowsWithWhatThePrimaryAloneHas) {
  ClusterBuilder pair;
  pair.poll();
  pair.write(20 * kMegabyte).poll(10);
  const DataLoss loss = *pair.poll(10).analysis.nodes[1].loss;
  EXPECT_EQ(loss.bytes, 20 * kMegabyte);
  EXPECT_GE(loss.time.lower, Seconds{9.9});
  EXPECT_GT(loss.time.estimate, loss.time.lower);
}

TEST(DataLoss, StaysKnownInTimeAfterThePrimaryHasDied) {
  ClusterBuilder pair;
  pair.poll();
  pair.write(20 * kMegabyte).poll(10);
  pair.silence(0, FailureClass::refused);
  const DataLoss loss = *pair.poll(10).analysis.nodes[1].loss;
  EXPECT_FALSE(loss.bytes);
  EXPECT_GE(loss.time.lower, Seconds{9.9});
}

TEST(DataLoss, IsNotCalledNoneOnceThePrimaryIsOutOfSight) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::refused);
  pair.standby().wal_receiver.reset();
  const DataLoss loss = *pair.poll(10).analysis.nodes[1].loss;
  EXPECT_FALSE(loss.bytes);
  EXPECT_FALSE(loss.time.caught_up);
  EXPECT_FALSE(loss.time.estimate);
}

TEST(DataLoss, IsOfNoStandbyThatCannotTakeOver) {
  ClusterBuilder silent;
  silent.silence(1, FailureClass::timeout);
  EXPECT_FALSE(silent.poll().analysis.nodes[1].loss);
  ClusterBuilder foreign;
  foreign.standby().system_identifier = "1";
  EXPECT_FALSE(foreign.poll().analysis.nodes[1].loss);
}

}  // namespace
}  // namespace pgrepl
