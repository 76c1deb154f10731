// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/table.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace pgrepl::test {
namespace {

constexpr const char* kPrefix = "PGREPL ";

std::string verdict_of(const Outcome& outcome) {
  if (!outcome.complaints.empty()) return "**failed**: " + outcome.complaints.front();
  if (outcome.scenario->must.empty()) return "stays OK";
  const bool has_prefix = outcome.health.starts_with(kPrefix);
  return outcome.health.substr(has_prefix ? std::string(kPrefix).size() : 0);
}

std::string seconds_of(const Outcome& outcome) {
  if (!outcome.detected_seconds) return "";
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << *outcome.detected_seconds << " s, " << outcome.polls
       << (outcome.polls == 1 ? " poll" : " polls");
  return text.str();
}

}  // namespace

std::string table_of(const std::vector<Outcome>& outcomes) {
  std::ostringstream text;
  text << "# What pgrepl says of each fault\n\n"
          "| fault | what was done | `check_pgrepl health` says | "
          "`pgrepl_exporter doctor` says | after |\n"
          "| --- | --- | --- | --- | --- |\n";
  for (const Outcome& outcome : outcomes) {
    text << "| " << outcome.scenario->name << " | " << outcome.scenario->story << " | "
         << verdict_of(outcome) << " | " << outcome.doctor << " | " << seconds_of(outcome)
         << " |\n";
  }
  return text.str();
}

std::string peers_table_of(const std::vector<Outcome>& outcomes) {
  std::string text =
      "# What other tools say of the same faults\n\n"
      "| fault | tool | says |\n"
      "| --- | --- | --- |\n";
  for (const Outcome& outcome : outcomes) {
    if (outcome.peers.empty()) continue;
    text += "| " + outcome.scenario->name + " | check_pgrepl | " + verdict_of(outcome) + " |\n";
    for (const std::string& line : outcome.peers) text += "| | " + line + " |\n";
  }
  return text;
}

void keep_result(const std::string& name, const std::string& text) {
  std::cout << '\n' << text;
  const char* directory = std::getenv("PGREPL_FAULTS_RESULTS");
  if (directory == nullptr) return;
  const auto path = std::filesystem::path(directory) / name;
  if (!(std::ofstream(path) << text).flush())
    throw std::runtime_error("cannot write " + path.string());
}

}  // namespace pgrepl::test
