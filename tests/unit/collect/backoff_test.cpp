// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/backoff.h"

#include <gtest/gtest.h>

#include <vector>

namespace pgrepl {
namespace {

constexpr Seconds kFirst{5};
const Failure kPassword{FailureClass::password, "connect: password authentication failed"};
const Failure kHba{FailureClass::hba_rejected, "connect: pg_hba.conf rejects connection"};

SteadyTime at(double seconds) { return after(SteadyTime{}, Seconds{seconds}); }

/// How long the next attempt waits after a failure at `now`; whole tenths of seconds.
double pause(const Backoff& backoff, double now) {
  int tenths = 0;
  while (backoff.standing(at(now + tenths * 0.1))) ++tenths;
  return tenths * 0.1;
}

TEST(Backoff, NothingIsRefusedAtFirst) { EXPECT_FALSE(Backoff(kFirst).standing(at(0))); }

TEST(Backoff, RepeatsTheRefusalUntilTheNextAttemptIsDue) {
  Backoff backoff(kFirst);
  backoff.note(kPassword, at(100), 0);
  EXPECT_EQ(backoff.standing(at(104)), kPassword);
  EXPECT_FALSE(backoff.standing(at(105)));
}

TEST(Backoff, PauseDoublesUpToHalfAMinute) {
  Backoff backoff(kFirst);
  std::vector<double> pauses;
  for (int attempt = 0; attempt < 6; ++attempt) {
    backoff.note(kPassword, at(100. * attempt), 0);
    pauses.push_back(pause(backoff, 100. * attempt));
  }
  const std::vector<double> expected{4.75, 9.5, 19, 28.5, 28.5, 28.5};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(pauses[i], expected[i], 0.11) << i;
}

TEST(Backoff, JitterShortensThePauseByAtMostThreeTenths) {
  for (const double jitter : {0., 0.3, 0.7, 1.}) {
    Backoff backoff(kFirst);
    backoff.note(kPassword, at(0), jitter);
    EXPECT_TRUE(backoff.standing(at(3.49))) << jitter;
    EXPECT_FALSE(backoff.standing(at(4.76))) << jitter;
  }
  Backoff early(kFirst), late(kFirst);
  early.note(kPassword, at(0), 1);
  late.note(kPassword, at(0), 0);
  EXPECT_FALSE(early.standing(at(3.51)));
  EXPECT_TRUE(late.standing(at(4.74)));
}

TEST(Backoff, AnotherClassBeginsAnew) {
  Backoff backoff(kFirst);
  for (int attempt = 0; attempt < 4; ++attempt) backoff.note(kPassword, at(0), 0);
  backoff.note(kHba, at(0), 0);
  EXPECT_EQ(backoff.standing(at(4)), kHba);
  EXPECT_FALSE(backoff.standing(at(5)));
}

TEST(Backoff, ResetForgets) {
  Backoff backoff(kFirst);
  for (int attempt = 0; attempt < 4; ++attempt) backoff.note(kPassword, at(0), 0);
  backoff.reset();
  EXPECT_FALSE(backoff.standing(at(0)));
  backoff.note(kPassword, at(0), 0);
  EXPECT_FALSE(backoff.standing(at(5)));
}

TEST(Backoff, WhatMayPassByItselfIsTriedAtEachPoll) {
  for (const FailureClass reason : kFailureClasses) {
    Backoff backoff(kFirst);
    backoff.note(kPassword, at(0), 0);
    backoff.note({reason, "connect: no"}, at(0), 0);
    const bool stands = reason == FailureClass::password || reason == FailureClass::hba_rejected ||
                        reason == FailureClass::no_database || reason == FailureClass::tls;
    EXPECT_EQ(backoff.standing(at(0)).has_value(), stands) << to_string(reason);
  }
}

}  // namespace
}  // namespace pgrepl
