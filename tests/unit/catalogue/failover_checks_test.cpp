// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/catalogue/catalogue.h"
#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kCheck = "failover_duration";

/// a1 is lost, and a2 takes over so many seconds later.
ClusterReport fail_over(ClusterBuilder& pair, double seconds) {
  pair.poll();
  pair.poll(1);
  pair.silence(0, FailureClass::timeout);
  pair.poll(1);
  for (double second = 1; second < seconds; ++second) pair.poll(1);
  pair.promote_standby();
  pair.standby().synchronous_standby_names = "";
  return pair.poll(1);
}

TEST(FailoverDuration, IsNotApplicableBeforeAnyFailover) {
  ClusterBuilder pair;
  pair.poll();
  const ClusterReport report = pair.poll();
  EXPECT_FALSE(has_result(report, kCheck, ""));
  EXPECT_THAT(report.absent,
              Contains(AllOf(testing::Field(&AbsentCheck::check, kCheck),
                             testing::Field(&AbsentCheck::reason, "no failover has been seen"))));
}

TEST(FailoverDuration, IsFineWithinTheGuidesSequence) {
  ClusterBuilder pair;
  const CheckResult result = result_of(fail_over(pair, 12), kCheck);
  EXPECT_EQ(result.state, State::ok);
  EXPECT_NEAR(*result.measures.front().value, 12, 1.5);
  EXPECT_THAT(result.summary, HasSubstr("a2 took over from a1 in 12 s"));
  EXPECT_THAT(result.summary, HasSubstr("the old primary was no longer heard"));
}

TEST(FailoverDuration, WarnsAboveTheGuidesTotalAndIsCriticalAboveItsTimeOut) {
  ClusterBuilder slow;
  const CheckResult warning = result_of(fail_over(slow, 40), kCheck);
  EXPECT_EQ(warning.state, State::warning);
  EXPECT_EQ(warning.cause, "slow_promotion");
  EXPECT_THAT(warning.fix, Contains(HasSubstr("# on a2:")));
  ClusterBuilder slower;
  EXPECT_EQ(result_of(fail_over(slower, 80), kCheck).state, State::critical);
}

TEST(FailoverDuration, ClearsByItselfAfterADayAndGoesOnTellingItsAge) {
  ClusterBuilder pair;
  fail_over(pair, 80);
  EXPECT_EQ(result_of(pair.poll(23 * 3600), kCheck).state, State::critical);
  const CheckResult later = result_of(pair.poll(2 * 3600), kCheck);
  EXPECT_EQ(later.state, State::ok);
  EXPECT_EQ(later.measures.front().value, std::nullopt);
  EXPECT_THAT(later.summary, HasSubstr("1 d 1 h ago"));
}

TEST(FailoverDuration, GrowsWhileCommitsAreHeldUp) {
  ClusterBuilder held;
  held.poll();
  held.silence(0, FailureClass::timeout);
  held.poll(1);
  held.promote_standby();  // its own file names a1, which is dead
  for (int i = 0; i < 30; ++i) held.poll(1);
  const CheckResult result = result_of(held.poll(1), kCheck);
  EXPECT_EQ(result.state, State::warning);
  EXPECT_EQ(result.cause, "commits_held");
  EXPECT_THAT(result.summary, HasSubstr("its commits wait for a synchronous standby"));
}

TEST(FailoverDuration, AccusesNobodyOfAnUnwatchedFailover) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::timeout);
  pair.promote_standby();
  pair.standby().synchronous_standby_names = "";
  const CheckResult result = result_of(pair.poll(3600), kCheck);
  EXPECT_EQ(result.state, State::ok);
  EXPECT_EQ(result.measures.front().value, std::nullopt);
  EXPECT_THAT(result.summary, HasSubstr("took over from a1 unwatched, in 0 s to 1 h"));
}

TEST(FailoverDuration, KnowsAnUnwatchedFailoverThatWasTooLongForCertain) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::timeout);
  pair.poll(1);
  pair.poll(100);
  pair.promote_standby();
  pair.standby().synchronous_standby_names = "";
  EXPECT_EQ(result_of(pair.poll(60), kCheck).state, State::critical);
}

}  // namespace
}  // namespace pgrepl
