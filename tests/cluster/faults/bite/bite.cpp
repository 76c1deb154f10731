// SPDX-License-Identifier: Apache-2.0
// Does the fault suite bite?  Switches off one judging row at a time, plays the scenario that
// counts on it, or runs the unit test that proves it, and prints whether it fails, as it must.
// Exit code 1: a row could go unnoticed, or could not be played, or a scenario or unit test does
// not go well with nothing switched off.
//
// Usage: faults_bite [ROW...]   Without an argument all rows, and bites.md is written.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/cluster/faults/bite/unit_proof.h"
#include "tests/cluster/faults/play.h"
#include "tests/cluster/faults/table.h"

namespace pgrepl::test {
namespace {

/// `without` is the row to switch off; empty: none.
Staging crippled(const Scenario& scenario, const std::string& without) {
  // A poll a second: later than this the scenario itself calls late.
  const std::chrono::seconds late{scenario.polls + 20};
  return {.scenario = &scenario,
          .exporter = PGREPL_CRIPPLED_EXPORTER,
          .environment = {{"PGREPL_WITHOUT", without}},
          .patience = late};
}

/// The scenarios that do not go well with nothing switched off, and how: that would pass for a
/// bite.
using Control = std::map<const Scenario*, std::string>;

Control play_control(const std::vector<JudgingRow>& rows) {
  std::set<const Scenario*> played;
  std::vector<Staging> stagings;
  for (const JudgingRow& row : rows) {
    if (row.scenario != nullptr && played.insert(row.scenario).second)
      stagings.push_back(crippled(*row.scenario, ""));
  }
  Control unfit;
  for (const Outcome& outcome : play_all(stagings)) {
    if (!outcome.complaints.empty()) unfit.emplace(outcome.scenario, outcome.complaints.front());
  }
  return unfit;
}

struct Finding {
  bool fine = false;
  std::string text;
};

Finding finding_of(const Outcome& outcome, const Control& unfit) {
  const auto control = unfit.find(outcome.scenario);
  if (control != unfit.end())
    return {false, "**fails with nothing switched off**: " + control->second};
  if (outcome.misses_a_verdict) return {true, "yes"};
  if (outcome.complaints.empty()) return {false, "**NO**"};
  return {false, "**not played**: " + outcome.complaints.front()};
}

Finding finding_elsewhere(const std::string& row) {
  const Proof* proof = proof_elsewhere(row);
  if (proof == nullptr) return {false, "**NO**"};
  const std::string name = std::string(proof->suite) + "." + std::string(proof->test);
  if (!is_unit_test(*proof)) return {true, "proved by " + name};
  const UnitProof tried = try_out(*proof);
  if (!tried.passes_with) return {false, "**not run**: " + name};
  return {tried.fails_without, (tried.fails_without ? "yes: " : "**NO**: ") + name};
}

/// Those of that name, or all of them.
std::vector<JudgingRow> rows_named(const std::vector<std::string>& names) {
  std::vector<JudgingRow> rows = judging_rows();
  if (!names.empty())
    std::erase_if(rows, [&](const JudgingRow& row) { return !std::ranges::count(names, row.id); });
  return rows;
}

int run(const std::vector<std::string>& names) {
  const std::vector<JudgingRow> rows = rows_named(names);
  const Control unfit = play_control(rows);
  std::vector<Staging> stagings;
  for (const JudgingRow& row : rows) {
    if (row.scenario != nullptr) stagings.push_back(crippled(*row.scenario, row.id));
  }
  const std::vector<Outcome> outcomes = play_all(stagings);
  std::string text =
      "# Which scenario notices that a row of the catalogue is gone\n\n"
      "| row switched off | scenario | bites |\n"
      "| --- | --- | --- |\n";
  bool all_fine = true;
  std::size_t played = 0;
  for (const JudgingRow& row : rows) {
    const Finding finding =
        row.scenario != nullptr ? finding_of(outcomes[played++], unfit) : finding_elsewhere(row.id);
    all_fine = all_fine && finding.fine;
    const std::string scenario = row.scenario != nullptr ? row.scenario->name : "none";
    text += "| " + row.id + " | " + scenario + " | " + finding.text + " |\n";
  }
  if (names.empty())
    keep_result("bites.md", text);
  else
    std::cout << text;
  return all_fine ? 0 : 1;
}

}  // namespace
}  // namespace pgrepl::test

int main(int argc, char** argv) { return pgrepl::test::run({argv + 1, argv + argc}); }
