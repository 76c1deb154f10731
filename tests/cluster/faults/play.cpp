// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/play.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <numeric>
#include <thread>

#include "tests/cluster/faults/bystanders.h"
#include "tests/cluster/faults/peers.h"
#include "tests/cluster/faults/statuses.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

/// Most of a scenario is waiting, so more of them run than there are cores.
constexpr std::size_t kAtATime = 6;

constexpr int kCritical = 2;
constexpr std::chrono::milliseconds kLookEvery{200};

class Play {
 public:
  explicit Play(const Staging& staging)
      : staging_(staging),
        scenario_(*staging.scenario),
        stage_(options_of(staging)),
        outcome_{.scenario = staging.scenario} {}

  Outcome run() {
    if (const auto green = stage_.watch().all_green(); !green) {
      complain(std::string("not healthy before the fault: ") + green.message());
      return outcome_;
    }
    if (staging_.asks_peers) demand_content_peers();
    const int polls_before = polls();
    const auto begin = Clock::now();
    inject();
    if (!scenario_.must.empty()) {
      await_verdicts(polls_before, begin);
      ask_for_health();
      if (staging_.asks_peers) outcome_.peers = peers_say(stage_);
    }
    await_series();
    watch_the_others(scenario_.watch);
    if (scenario_.quiet) demand_silence();
    heal();
    return outcome_;
  }

 private:
  static StageOptions options_of(const Staging& staging) {
    StageOptions options = staging.scenario->stage;
    options.exporter = staging.exporter;
    options.environment = staging.environment;
    return options;
  }

  void complain(std::string text) { outcome_.complaints.push_back(std::move(text)); }

  int polls() {
    double most = 0;
    for (const Series& one : page().series("pgrepl_polls_total")) most = std::max(most, one.value);
    return static_cast<int>(most);
  }

  MetricsPage page() { return stage_.watch().exporter().metrics(); }

  /// In a quiet time nothing may be said in the midst of it either.  Servers must be started by
  /// this very thread: they end with the one that started them.
  void inject() {
    std::jthread beside;
    if (scenario_.quiet)
      beside = std::jthread([this](const std::stop_token& stop) { watch_until(stop); });
    scenario_.inject(stage_);
  }

  void watch_until(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      look_at_bystanders(page());
      std::this_thread::sleep_for(kLookEvery);
    }
  }

  /// Or else what they say later would not be of the fault.  Some need to have been asked before.
  void demand_content_peers() {
    for (const std::string& line : peers_say(stage_)) {
      if (!line.ends_with("are OK")) complain("before the fault: " + line);
    }
  }

  void await_verdicts(int polls_before, Clock::time_point begin) {
    std::vector<std::string> missing;
    const auto all_given = [&] {
      const MetricsPage now = page();
      look_at_bystanders(now);
      missing = missing_verdicts(now, scenario_.must);
      return missing.empty();
    };
    if (!wait_until(all_given, scenario_.patience.value_or(staging_.patience))) {
      for (const std::string& verdict : missing) complain("never said: " + verdict);
      outcome_.misses_a_verdict = true;
      return;
    }
    outcome_.detected_seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    outcome_.polls = polls() - polls_before;
    if (outcome_.polls > scenario_.polls)
      complain("said after " + std::to_string(outcome_.polls) + " polls instead of " +
               std::to_string(scenario_.polls));
  }

  void await_series() {
    const seconds patience = scenario_.patience.value_or(staging_.patience);
    for (const Shown& shown : scenario_.shows) {
      if (!wait_until([&] { return is_on(page(), shown); }, patience))
        complain("never shown: " + text_of(shown));
    }
  }

  void look_at_bystanders(const MetricsPage& now) {
    for (const std::string& stranger : bystanders_.new_ones(now))
      complain("must not change: " + stranger);
  }

  void watch_the_others(seconds length) {
    const auto end = Clock::now() + length;
    while (Clock::now() < end) {
      look_at_bystanders(page());
      std::this_thread::sleep_for(kLookEvery);
    }
  }

  void demand_silence() {
    const ProgramResult health = stage_.watch().exporter().check({"health"});
    if (health.exit_code != 0)
      complain("health ends with " + std::to_string(health.exit_code) + ": " + health.out);
  }

  void ask_for_health() {
    const ProgramResult health = stage_.watch().exporter().check({"health", "-v"});
    outcome_.health = health.out.substr(0, health.out.find_first_of("|\n"));
    const bool critical = std::ranges::any_of(
        scenario_.must, [](const Verdict& verdict) { return verdict.status == kCritical; });
    if (health.exit_code == 0 || (critical && health.exit_code != 2))
      complain("health ends with " + std::to_string(health.exit_code));
    for (const std::string& word : scenario_.words) {
      if (outcome_.health.find(word) == std::string::npos)
        complain("health lacks \"" + word + "\": " + outcome_.health);
    }
    if (health.out.find('{') != std::string::npos)
      complain("a remedy is not filled in: " + health.out);
  }

  void heal() {
    stage_.sessions.clear();
    stage_.programs.clear();
    if (!scenario_.heal) return;
    scenario_.heal(stage_);
    if (const auto green = stage_.watch().all_green(); !green)
      complain(std::string("not healthy after healing: ") + green.message());
  }

  const Staging& staging_;
  const Scenario& scenario_;
  Stage stage_;
  Outcome outcome_;
  Bystanders bystanders_{scenario_};
};

/// How long it lasts at least, so that the longest begin first.
seconds length(const Staging& staging) {
  return staging.scenario->watch + staging.scenario->patience.value_or(seconds(0));
}

}  // namespace

Outcome play(const Staging& staging) {
  try {
    return Play(staging).run();
  } catch (const std::exception& error) {
    return {.scenario = staging.scenario, .complaints = {error.what()}};
  }
}

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
