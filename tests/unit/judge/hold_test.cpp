// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/hold.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

constexpr Hold kFifteenSeconds{.seconds = 15, .polls = 1};
constexpr Hold kTwoPolls{.seconds = 0, .polls = 2};

SteadyTime at(double seconds) { return after(SteadyTime{}, Seconds{seconds}); }

/// What is published after a series of (time, raw state), starting from an OK at 0.
State published(const Hold& needed, std::initializer_list<std::pair<double, State>> polls) {
  std::optional<HoldMemory> memory = hold(std::nullopt, State::ok, needed, at(0));
  for (const auto& [seconds, raw] : polls) memory = hold(memory, raw, needed, at(seconds));
  return memory->published;
}

TEST(Hold, LetsTheVeryFirstVerdictCountAtOnce) {
  EXPECT_EQ(hold(std::nullopt, State::critical, kFifteenSeconds, at(0)).published, State::critical);
}

TEST(Hold, KeepsAFreshFindingBack) {
  EXPECT_EQ(published(kFifteenSeconds, {{5, State::critical}, {19, State::critical}}), State::ok);
}

TEST(Hold, PublishesAFindingThatHasLasted) {
  EXPECT_EQ(published(kFifteenSeconds, {{5, State::critical}, {20, State::critical}}),
            State::critical);
}

TEST(Hold, StartsAnewAfterARecovery) {
  EXPECT_EQ(
      published(
          kFifteenSeconds,
          {{5, State::critical}, {15, State::ok}, {16, State::critical}, {25, State::critical}}),
      State::ok);
}

TEST(Hold, CountsTheTimeOfAMilderFindingForAWorseOne) {
  EXPECT_EQ(published(kFifteenSeconds, {{5, State::warning}, {20, State::critical}}),
            State::critical);
}

TEST(Hold, PublishesARecoveryAtOnce) {
  EXPECT_EQ(published(kTwoPolls, {{1, State::critical}, {2, State::critical}, {3, State::ok}}),
            State::ok);
}

TEST(Hold, WantsASecondPollBeforeItSaysUnknown) {
  EXPECT_EQ(published(kTwoPolls, {{1, State::unknown}}), State::ok);
  EXPECT_EQ(published(kTwoPolls, {{1, State::unknown}, {2, State::unknown}}), State::unknown);
}

TEST(Hold, KeepsACriticalThroughOneBlindPoll) {
  EXPECT_EQ(published(kTwoPolls, {{1, State::critical}, {2, State::critical}, {3, State::unknown}}),
            State::critical);
}

TEST(Hold, RemembersSinceWhenTheVerdictHolds) {
  HoldMemory memory = hold(std::nullopt, State::ok, kTwoPolls, at(0));
  memory = hold(memory, State::critical, kTwoPolls, at(1));
  EXPECT_EQ(memory.published_since, at(0));
  memory = hold(memory, State::critical, kTwoPolls, at(2));
  EXPECT_EQ(memory.published_since, at(2));
  memory = hold(memory, State::critical, kTwoPolls, at(9));
  EXPECT_EQ(memory.published_since, at(2));
}

}  // namespace
}  // namespace pgrepl
