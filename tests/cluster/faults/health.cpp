// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/health.h"

#include <algorithm>
#include <sstream>

#include "tests/support/remedies.h"

namespace pgrepl::test {
namespace {

constexpr int kCritical = 2;
constexpr std::string_view kFix = "  > ";

bool is_as_bad(const Scenario& scenario, int exit_code) {
  const bool critical = std::ranges::any_of(
      scenario.must, [](const Verdict& verdict) { return verdict.status == kCritical; });
  return critical ? exit_code == kCritical : exit_code != 0;
}

}  // namespace

std::string first_line(const ProgramResult& plugin) {
  return plugin.out.substr(0, plugin.out.find_first_of("|\n"));
}

std::vector<std::string> health_faults(const Scenario& scenario, const ProgramResult& health) {
  std::vector<std::string> faults;
  if (!is_as_bad(scenario, health.exit_code))
    faults.push_back("health ends with " + std::to_string(health.exit_code));
  for (const std::string& word : scenario.words) {
    if (first_line(health).find(word) == std::string::npos)
      faults.push_back("health lacks \"" + word + "\": " + first_line(health));
  }
  std::istringstream lines(health.out);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kFix)) continue;
    for (const std::string& wrong : remedy_faults(line.substr(kFix.size())))
      faults.push_back("a fix: " + wrong);
  }
  return faults;
}

}  // namespace pgrepl::test
