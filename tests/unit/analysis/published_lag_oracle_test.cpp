// SPDX-License-Identifier: Apache-2.0
// The lag and the loss that are published, against an oracle that knows the time of every position.
// Random histories of a pair are watched by exporters which see only what servers tell, and fold
// and conclude with what the daemon folds and concludes with.
#include <gtest/gtest.h>

#include <array>
#include <iomanip>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/analysis/from_environment.h"
#include "tests/unit/analysis/watcher.h"

namespace pgrepl::test {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kHistories = 20000;  // ten times slower
#else
constexpr std::uint64_t kHistories = 100000;
#endif

struct Story {
  int polls;
  std::size_t cap;  ///< how many samples an exporter may keep
};

/// Most are short; some are thinned early, and a few last until a clock is full by itself.
Story random_story(Dice& dice) {
  if (dice.one_in(4000)) return {.polls = 1500, .cap = LsnClock::kMaxSamples};
  if (dice.one_in(48)) {
    return {.polls = 30,
            .cap = LsnClock::kNewestKept + 1 + static_cast<std::size_t>(dice.up_to(4))};
  }
  return {.polls = static_cast<int>(4 + dice.up_to(5)), .cap = LsnClock::kMaxSamples};
}

/// What went wrong; empty if nothing did.
std::string tell_story(std::uint64_t seed, Tally& tally) {
  Dice dice(seed);
  const Story story = random_story(dice);
  PairWorld world(dice, tally);
  std::vector<Watcher> watchers;
  const int exporters = dice.one_in(8) ? 2 : 1;
  for (int i = 0; i < exporters; ++i) watchers.emplace_back(dice, world, tally, story.cap);
  for (int i = 0; i < story.polls; ++i) {
    Watcher& watcher = watchers[static_cast<std::size_t>(dice.up_to(exporters - 1))];
    if (dice.one_in(4)) world.run_to(world.now() + dice.magnitude(33));
    if (!dice.one_in(3)) world.strike();
    if (dice.one_in(10)) watcher.strike();
    const std::string fault = watcher.poll();
    if (!fault.empty()) return fault;
  }
  return "";
}

struct Share {
  Tally tally;
  std::string fault;
};

void tell_stories(std::uint64_t first, std::uint64_t end, Share& share) {
  for (std::uint64_t seed = first; seed < end && share.fault.empty(); ++seed) {
    share.fault = tell_story(seed, share.tally);
    if (!share.fault.empty()) share.fault += "\nPGREPL_ORACLE_SEED=" + std::to_string(seed);
  }
}

TEST(PublishedLagOracle, TheTruthLiesWithinTheBoundsOfEveryHistory) {
  const std::uint64_t first = from_environment("PGREPL_ORACLE_SEED", 1);
  const std::uint64_t histories = from_environment("PGREPL_ORACLE_HISTORIES", kHistories);
  std::array<Share, 2> shares;
  const std::uint64_t middle = first + histories / 2;
  std::thread other([&] { tell_stories(middle, first + histories, shares[1]); });
  tell_stories(first, middle, shares[0]);
  other.join();
  for (const Share& share : shares) ASSERT_EQ(share.fault, "");

  Tally tally = shares[0].tally;
  tally.add(shares[1].tally);
  for (std::size_t i = 0; i < kSeenNames.size(); ++i) {
    std::cout << std::setw(30) << kSeenNames[i] << ' ' << tally.counts[i] << '\n';
    if (histories < 10000) continue;
    EXPECT_GT(tally.counts[i], static_cast<std::int64_t>(histories / 100))
        << kSeenNames[i] << " was hardly tried";
  }
}

}  // namespace
}  // namespace pgrepl::test
