// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/list_checks.h"

#include "checks/catalogue/catalogue.h"
#include "checks/nagios/evidence.h"
#include "checks/nagios/plugin_text.h"

namespace pgrepl {
namespace {

/// A terminal reads this, so it may be longer than what a core can take.
constexpr std::size_t kListLimit = 60000;

void tell(const MeasureRow& measure, LongOutput& below) {
  below.add("    " + std::string(measure.id) + ": " +
            describe(default_limits(measure), measure.unit) + " (" + std::string(measure.source) +
            ")");
}

void tell(const CheckRow& check, LongOutput& below) {
  below.add(std::string(check.id) + " - " + std::string(check.title));
  if (check.measures.empty()) below.add("    judges no number (" + std::string(check.source) + ")");
  for (const MeasureRow& measure : check.measures) tell(measure, below);
}

}  // namespace

PluginOutput list_checks(std::span<const CheckRow> checks) {
  LongOutput below(kListLimit);
  for (const CheckRow& check : checks) tell(check, below);
  const std::string sentence =
      std::to_string(checks.size()) + " checks, and health for all of them";
  return {.state = State::ok,
          .text = first_line(State::ok, sentence, Perfdata(0)) + "\n" + below.text()};
}

}  // namespace pgrepl
