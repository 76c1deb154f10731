// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lsn_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/analysis/moments.h"

namespace pgrepl {
namespace {

using test::at;
using test::reading_at;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr double kMicrosecond = 1e-6;

LsnClock a_clock() { return {"7123456789", 1}; }

/// The primary wrote 100 bytes a second, and was read every 10 s from 0 to 60.
LsnClock steady_work() {
  LsnClock clock = a_clock();
  for (int i = 0; i <= 6; ++i) {
    clock.observe(Lsn(1000U + 1000U * static_cast<unsigned>(i)), reading_at(10.0 * i));
  }
  return clock;
}

TEST(LsnClock, KnowsNothingBeforeTheFirstReading) {
  EXPECT_EQ(a_clock().lag(Lsn(5), reading_at(1)), LagBounds{});
}

TEST(LsnClock, SaysSinceWhenSomethingHasBeenMissing) {
  // 3000 was all there was until 20; 4000 was there by 30.02.  Asked at 100.
  const LagBounds lag = steady_work().lag(Lsn(3000), reading_at(100));
  EXPECT_FALSE(lag.caught_up);
  EXPECT_THAT(lag.lower->count(), DoubleNear(100 - 30.02, kMicrosecond));
  EXPECT_THAT(lag.upper->count(), DoubleNear(100.02 - 20, kMicrosecond));
}

TEST(LsnClock, InterpolatesByPositionBetweenItsBounds) {
  const LagBounds begin = steady_work().lag(Lsn(3000), reading_at(100));
  const LagBounds middle = steady_work().lag(Lsn(3500), reading_at(100));
  const LagBounds end = steady_work().lag(Lsn(3999), reading_at(100));
  EXPECT_EQ(begin.estimate, begin.upper);
  EXPECT_THAT(middle.estimate->count(), DoubleNear(75, 0.1));
  EXPECT_THAT(end.estimate->count(), DoubleNear(70, 0.1));
}

TEST(LsnClock, CallsAStandbyCaughtUpThatHasAllThatWasKnownBefore) {
  const LagBounds lag = steady_work().lag(Lsn(7000), reading_at(60.02));
  EXPECT_TRUE(lag.caught_up);
  EXPECT_EQ(lag.estimate, Seconds{0});
  EXPECT_EQ(lag.lower, Seconds{0});
}

TEST(LsnClock, KeepsTheUpperBoundHonestWhileCaughtUp) {
  // Nobody has read the primary for 40 s: the standby may have been missing something since then.
  const LagBounds lag = steady_work().lag(Lsn(7000), reading_at(100));
  EXPECT_TRUE(lag.caught_up);
  EXPECT_THAT(lag.upper->count(), DoubleNear(40.02, kMicrosecond));
}

TEST(LsnClock, CallsNobodyCaughtUpWhoLacksWhatWasReadMeanwhile) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1000), {at(0), at(1)});
  clock.observe(Lsn(2000), {at(3600), at(3603)});
  const LagBounds lag = clock.lag(Lsn(1500), {at(3601), at(3602)});
  EXPECT_FALSE(lag.caught_up) << "2000 may be newer than the reading, or an hour old";
  EXPECT_EQ(lag.lower, Seconds{0});
  EXPECT_GT(*lag.estimate, Seconds{0});
}

TEST(LsnClock, HasNoUpperBoundBelowNoneWhereThePrimaryIsReadLast) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1000), {at(12), at(13)});
  EXPECT_EQ(clock.lag(Lsn(1000), {at(10), at(11)}).upper, Seconds{0});
}

TEST(LsnClock, NeverCallsAStandbyCurrentThatMissesASingleByte) {
  const LagBounds lag = steady_work().lag(Lsn(6999), reading_at(60.02));
  EXPECT_FALSE(lag.caught_up);
  EXPECT_EQ(lag.lower, Seconds{0});
  EXPECT_GT(*lag.estimate, Seconds{0});
}

TEST(LsnClock, DoesNotGrowTheLagOfAStandbyThatIsCurrentWithAnIdlePrimary) {
  LsnClock clock = a_clock();
  for (int i = 0; i < 1000; ++i) clock.observe(Lsn(1000), reading_at(5.0 * i));
  EXPECT_EQ(clock.samples().size(), 1U);
  const LagBounds lag = clock.lag(Lsn(1000), reading_at(4995.02));
  EXPECT_TRUE(lag.caught_up);
  EXPECT_LT(*lag.upper, Seconds{0.1});
}

TEST(LsnClock, CountsFromTheEndOfAnIdleTimeNotFromItsBeginning) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1000), reading_at(0));
  clock.observe(Lsn(1000), reading_at(3600));
  clock.observe(Lsn(2000), reading_at(3605));
  EXPECT_LT(*clock.lag(Lsn(1000), reading_at(3610)).upper, Seconds{11});
}

TEST(LsnClock, GivesOnlyALowerBoundForAPositionOlderThanItsMemory) {
  const LagBounds lag = steady_work().lag(Lsn(999), reading_at(60));
  EXPECT_FALSE(lag.caught_up);
  EXPECT_THAT(lag.lower->count(), DoubleNear(60 - 0.02, kMicrosecond));
  EXPECT_FALSE(lag.upper);
  EXPECT_FALSE(lag.estimate) << "there is nothing to interpolate with";
}

TEST(LsnClock, TakesHearsayAsProofOfHowFarThePrimaryWasAndOfNothingElse) {
  LsnClock clock = steady_work();
  clock.hear(Lsn(8000), at(80));
  const LagBounds behind = clock.lag(Lsn(7500), reading_at(100));
  EXPECT_THAT(behind.lower->count(), DoubleNear(20, kMicrosecond));
  EXPECT_THAT(behind.upper->count(), DoubleNear(40.02, kMicrosecond))
      << "from the last real reading";
}

TEST(LsnClock, HasNoUpperBoundFromHearsayAlone) {
  LsnClock clock = a_clock();
  clock.hear(Lsn(1000), at(0));
  const LagBounds lag = clock.lag(Lsn(1000), reading_at(10));
  EXPECT_TRUE(lag.caught_up);
  EXPECT_FALSE(lag.upper);
}

TEST(LsnClock, KeepsAReadingThatArrivesLateWhereItBelongs) {
  LsnClock in_order = steady_work();
  LsnClock out_of_order = a_clock();
  for (const unsigned i : {0U, 2U, 1U, 6U, 4U, 3U, 5U}) {
    out_of_order.observe(Lsn(1000 + 1000 * i), reading_at(10 * i));
  }
  EXPECT_EQ(out_of_order, in_order);
}

TEST(LsnClock, LearnsFromANarrowReadingWithinAWideOne) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1000), {at(0), at(10)});
  clock.observe(Lsn(2000), {at(1), at(2)});
  EXPECT_EQ(clock.samples().front().first_seen, at(2)) << "who was at 2000 had passed 1000";
}

TEST(LsnClock, ForgetsAllWhenThePositionGoesBackwards) {
  LsnClock clock = steady_work();
  EXPECT_FALSE(clock.observe(Lsn(1500), reading_at(70)));
  EXPECT_THAT(clock.samples(), ElementsAre(Field(&LsnSample::lsn, Lsn(1500))));
}

TEST(LsnClock, IgnoresALateReadingOfAHistoryThatIsNoMore) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1500), reading_at(70));
  EXPECT_FALSE(clock.observe(Lsn(7000), reading_at(60)));
  EXPECT_FALSE(clock.hear(Lsn(7000), at(65)));
  EXPECT_THAT(clock.samples(), ElementsAre(Field(&LsnSample::lsn, Lsn(1500))));
}

TEST(LsnClock, PassesAFourGigabyteBoundary) {
  LsnClock clock = a_clock();
  clock.observe(*Lsn::parse("0/FFFFFF00"), reading_at(0));
  clock.observe(*Lsn::parse("1/100"), reading_at(10));
  EXPECT_THAT(clock.lag(*Lsn::parse("1/0"), reading_at(20)).estimate->count(), DoubleNear(15, 0.1));
}

TEST(LsnClock, CarriesTheSharedPastOverToTheNextTimeline) {
  const LsnClock next = steady_work().switched_to(2, Lsn(3500), at(1000));
  EXPECT_EQ(next.timeline(), 2U);
  EXPECT_EQ(next.lag(Lsn(2500), reading_at(100)), steady_work().lag(Lsn(2500), reading_at(100)));
  EXPECT_EQ(next.samples().back().lsn, Lsn(3500)) << "what lies beyond may have been lost";
  EXPECT_EQ(next.samples().back().first_seen, at(30.02)) << "4000 was read then, so 3500 was there";
}

TEST(LsnClock, DoesNotTrustAnOldPrimaryThatIdlesOnAfterThePromotion) {
  LsnClock old = a_clock();
  old.observe(Lsn(1000), reading_at(0));
  old.observe(Lsn(1000), reading_at(500));
  const LsnClock next = old.switched_to(2, Lsn(1000), at(100));
  EXPECT_EQ(next.samples().front().last_seen, at(100)) << "the new primary may have left 1000 then";
}

TEST(LsnClock, StaysBoundedSharpForThePresentAndKeepsItsEnds) {
  LsnClock clock = a_clock();
  for (unsigned i = 0; i < 3000; ++i) clock.observe(Lsn(1000 + i), reading_at(30.0 * i));
  EXPECT_EQ(clock.samples().size(), LsnClock::kMaxSamples);
  EXPECT_EQ(clock.samples().front().lsn, Lsn(1000));
  const double now = 30.0 * 3000;
  const auto width = [&](unsigned bytes_behind) {
    const LagBounds lag = clock.lag(Lsn(1000 + 2999 - bytes_behind), reading_at(now));
    return (*lag.upper - *lag.lower).count();
  };
  EXPECT_LT(width(2), 31) << "a minute behind";
  EXPECT_LT(width(120), 300) << "an hour behind";
  EXPECT_LT(width(2880), 10000) << "a day behind";
}

TEST(LsnClock, ThinningWidensABracketAndNeverMovesIt) {
  LsnClock thinned = a_clock();
  for (unsigned i = 0; i < 30; ++i) thinned.observe(Lsn(1000 + i), reading_at(10.0 * i));
  const LsnClock before = thinned;
  thinned.thin(12);
  ASSERT_EQ(thinned.samples().size(), 12U);
  for (unsigned i = 0; i < 30; ++i) {
    const LagBounds exact = before.lag(Lsn(1000 + i), reading_at(400));
    const LagBounds wide = thinned.lag(Lsn(1000 + i), reading_at(400));
    EXPECT_LE(*wide.lower, *exact.lower) << i;
    EXPECT_GE(*wide.upper, *exact.upper) << i;
  }
}

TEST(LsnClock, TellsTheRateOverAWindow) {
  EXPECT_THAT(*steady_work().generation_rate(at(60.02), Seconds{30}), DoubleNear(100, 0.1));
}

TEST(LsnClock, TellsARateOfZeroForAnIdlePrimary) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1000), reading_at(0));
  clock.observe(Lsn(1000), reading_at(30));
  EXPECT_EQ(clock.generation_rate(at(30), Seconds{60}), 0.0);
}

TEST(LsnClock, TellsNoRateFromOneReadingOrFromOldOnes) {
  LsnClock clock = a_clock();
  clock.observe(Lsn(1000), reading_at(0));
  EXPECT_FALSE(clock.generation_rate(at(0.1), Seconds{60}));
  EXPECT_FALSE(steady_work().generation_rate(at(500), Seconds{60}));
}

TEST(LsnClock, ComesBackFromItsSamples) {
  const LsnClock clock = steady_work();
  EXPECT_EQ(LsnClock::restored("7123456789", 1, clock.samples()), clock);
}

TEST(LsnClock, StaysEmptyWhenStoredSamplesMakeNoSense) {
  std::vector<LsnSample> samples = steady_work().samples();
  std::swap(samples[1].lsn, samples[2].lsn);
  EXPECT_THAT(LsnClock::restored("7", 1, samples).samples(), IsEmpty());
}

}  // namespace
}  // namespace pgrepl
