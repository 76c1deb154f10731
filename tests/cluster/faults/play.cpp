// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/play.h"

#include <algorithm>
#include <thread>

#include "checks/base/text.h"
#include "tests/cluster/faults/bystanders.h"
#include "tests/cluster/faults/doctor.h"
#include "tests/cluster/faults/health.h"
#include "tests/cluster/faults/peers.h"
#include "tests/cluster/faults/statuses.h"
#include "tests/cluster/faults/young.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr std::chrono::milliseconds kLookEvery{200};
/// Longer than any hold time, plus what a sanitizer adds.
constexpr seconds kWellWithin{60};
constexpr seconds kStaysWellFor{20};

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
      if (outcome_.misses_a_verdict) return outcome_;
      ask_for_health();
      ask_the_doctor();
    }
    await_series();
    watch_the_others(watch_of(scenario_));
    if (scenario_.quiet) demand_silence();
    // last, for servers that hang keep them waiting until more follows from the fault
    if (staging_.asks_peers && !scenario_.must.empty()) outcome_.peers = peers_say(stage_);
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

  /// With its reason, which the metrics do not tell.
  void accuse(const std::string& what, const Status& status) {
    complain(what + shown(status) + ": " + first_line(exporter().check({status.check})));
  }

  int polls() {
    double most = 0;
    for (const Series& one : page().series("pgrepl_polls_total")) most = std::max(most, one.value);
    return static_cast<int>(most);
  }

  ExporterProcess& exporter() { return stage_.watch().exporter(); }
  MetricsPage page() { return exporter().metrics(); }

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
    for (const Status& stranger : bystanders_.new_ones(statuses(now)))
      accuse("must not change: ", stranger);
  }

  /// Also at what they only begin to find, so that no hold time need be waited for.
  void watch_the_others(seconds length) {
    const auto end = Clock::now() + length;
    while (Clock::now() < end) {
      const MetricsPage now = page();
      look_at_bystanders(now);
      for (const Status& stranger :
           bystanders_.lasting_ones(young_findings(exporter(), now), Clock::now()))
        accuse("must not begin to change: ", stranger);
      std::this_thread::sleep_for(kLookEvery);
    }
  }

  void demand_silence() {
    const ProgramResult health = exporter().check({"health"});
    if (health.exit_code != 0)
      complain("health ends with " + std::to_string(health.exit_code) + ": " + health.out);
  }

  void ask_for_health() {
    const ProgramResult health = exporter().check({"health", "-v"});
    outcome_.health = first_line(health);
    for (std::string& fault : health_faults(scenario_, health)) complain(std::move(fault));
  }

  void ask_the_doctor() {
    if (scenario_.doctor.empty()) return;
    const std::vector<std::string> causes = doctor_says(stage_);
    outcome_.doctor = join(causes, ", ");
    if (causes != scenario_.doctor)
      complain("the doctor says \"" + outcome_.doctor + "\" instead of \"" +
               join(scenario_.doctor, ", ") + '"');
  }

  void heal() {
    stage_.sessions.clear();
    stage_.programs.clear();
    if (!scenario_.heal) return;
    scenario_.heal(stage_);
    await_health();
    bystanders_ = Bystanders(scenario_.stays, {});
    watch_the_others(kStaysWellFor);
  }

  /// A page without a verdict may only hide what is younger than a hold time.
  void await_health() {
    std::vector<std::string> wrong;
    const auto is_well = [&] {
      const MetricsPage now = page();
      wrong = missing_verdicts(now, scenario_.stays);
      Bystanders all(scenario_.stays, {});
      for (const auto& said : {statuses(now), young_findings(exporter(), now)}) {
        for (const Status& status : all.new_ones(said)) wrong.push_back(shown(status));
      }
      return wrong.empty();
    };
    if (wait_until(is_well, kWellWithin)) return;
    for (const std::string& text : wrong) complain("not healthy after healing: " + text);
  }

  const Staging& staging_;
  const Scenario& scenario_;
  Stage stage_;
  Outcome outcome_;
  Bystanders bystanders_{scenario_.must, scenario_.may};
};

}  // namespace

/// What hides behind a hold time is seen all the same, so that this is for what takes its time to
/// begin: time-outs of the servers, the next poll of disks.
std::chrono::seconds watch_of(const Scenario& scenario) {
  return scenario.watch.value_or(seconds(scenario.quiet ? 40 : 20));
}

Outcome play(const Staging& staging) {
  try {
    return Play(staging).run();
  } catch (const std::exception& error) {
    return {.scenario = staging.scenario, .complaints = {error.what()}};
  }
}

}  // namespace pgrepl::test
