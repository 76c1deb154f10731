// SPDX-License-Identifier: Apache-2.0
// Does the fault suite bite?  Switches off one judging row at a time, plays the scenarios that
// count on it, and prints whether one of them fails, as it must.  Exit code 1: a row could go
// unnoticed.
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "checks/catalogue/catalogue.h"
#include "tests/cluster/faults/play.h"

namespace pgrepl::test {
namespace {

/// A row and the scenario that would miss it soonest; null: none counts on it.
struct Row {
  std::string id;
  const Scenario* scenario = nullptr;
};

const Scenario* scenario_for(std::string_view check, std::string_view cause) {
  for (const Scenario& one : scenarios()) {
    const auto counts_on = [&](const Verdict& verdict) {
      return verdict.check == check && (cause.empty() || verdict.cause == cause);
    };
    if (std::ranges::any_of(one.must, counts_on)) return &one;
  }
  return nullptr;
}

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const CheckRow& check : checks()) {
    const std::string id{check.id};
    all.push_back({id, scenario_for(check.id, "")});
    for (const CauseRow& cause : check.causes)
      all.push_back({id + "/" + std::string{cause.id}, scenario_for(check.id, cause.id)});
  }
  return all;
}

/// Rows that no scenario can bring about, and where their proof is instead.
bool is_proved_elsewhere(const std::string& row) {
  static const std::vector<std::string> kElsewhere{
      "data_freshness",   // a daemon that stands still: unit tests of the board
      "network_latency",  // needs an exporter on one node and a slow link to the other
      "disk_full_eta"};   // speaks after half an hour: unit tests with a clock of their own
  return row.find('/') != std::string::npos || std::ranges::count(kElsewhere, row) > 0;
}

int run() {
  std::vector<Row> all = rows();
  std::vector<Staging> stagings;
  for (const Row& row : all) {
    if (row.scenario != nullptr)
      stagings.push_back({.scenario = row.scenario,
                          .exporter = PGREPL_CRIPPLED_EXPORTER,
                          .environment = {{"PGREPL_WITHOUT", row.id}},
                          .patience = std::chrono::seconds(35)});
  }
  const std::vector<Outcome> outcomes = play_all(stagings);
  std::cout << "| row switched off | scenario | bites |\n| --- | --- | --- |\n";
  bool all_bite = true;
  std::size_t played = 0;
  for (const Row& row : all) {
    if (row.scenario == nullptr) {
      const bool fine = is_proved_elsewhere(row.id);
      all_bite = all_bite && fine;
      std::cout << "| " << row.id << " | none | " << (fine ? "not by a fault" : "**NO**") << " |\n";
      continue;
    }
    const bool bites = !outcomes[played++].complaints.empty();
    all_bite = all_bite && bites;
    std::cout << "| " << row.id << " | " << row.scenario->name << " | "
              << (bites ? "yes" : "**NO**") << " |\n";
  }
  return all_bite ? 0 : 1;
}

}  // namespace
}  // namespace pgrepl::test

int main() { return pgrepl::test::run(); }
