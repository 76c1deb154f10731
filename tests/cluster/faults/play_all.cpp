// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <functional>
#include <numeric>
#include <thread>

#include "tests/cluster/faults/play.h"

namespace pgrepl::test {
namespace {

using std::chrono::seconds;

/// Most of a scenario is waiting, so more of them run than there are cores.
constexpr std::size_t kAtATime = 10;

/// How long it may last, so that the longest begin first.  A poll comes every second.
seconds length(const Staging& staging) {
  const Scenario& scenario = *staging.scenario;
  return watch_of(scenario) + scenario.patience.value_or(seconds(scenario.polls));
}

}  // namespace

std::vector<Outcome> play_all(const std::vector<Staging>& stagings) {
  std::vector<std::size_t> order(stagings.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, std::greater{},
                           [&](std::size_t i) { return length(stagings[i]); });
  std::vector<Outcome> outcomes(stagings.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < order.size(); i = next++)
      outcomes[order[i]] = play(stagings[order[i]]);
  };
  std::vector<std::jthread> workers;
  while (workers.size() < std::min(kAtATime, stagings.size())) workers.emplace_back(work);
  workers.clear();
  return outcomes;
}

}  // namespace pgrepl::test
