// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/overrides.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "checks/base/text.h"
#include "checks/thresholds/grade.h"

namespace pgrepl {
namespace {

constexpr std::size_t kShownText = 64;

/// "range" or "measure=range", taken apart.
struct GivenRange {
  std::string_view measure, range;
};

GivenRange take_apart(std::string_view text, const CheckRow& check) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {check.measures.front().id, text};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

bool has_measure(const CheckRow& check, std::string_view id) {
  return std::ranges::find(check.measures, id, &MeasureRow::id) != check.measures.end();
}

std::string known_measures(const CheckRow& check) {
  std::vector<std::string> names;
  for (const MeasureRow& measure : check.measures) names.emplace_back(measure.id);
  return join(names, ", ");
}

/// Takes one side's ranges over; the complaint about the first that cannot be, or nothing.
std::optional<std::string> take_over(const std::vector<std::string>& given, std::string_view side,
                                     std::optional<Range> Limits::*limit, const CheckRow& check,
                                     Overrides& overrides) {
  for (const std::string& text : given) {
    const auto [measure, range_text] = take_apart(text, check);
    const auto range = parse_range(range_text);
    if (!has_measure(check, measure)) {
      return "check " + std::string(check.id) + " has no measure " + one_line(measure, kShownText) +
             " (known: " + known_measures(check) + ")";
    }
    if (!range) {
      return std::string(side) + " threshold " + one_line(text, kShownText) +
             " is not a range such as 10 or 10: or 10:20 or @10:20";
    }
    overrides[std::string(measure)].*limit = range;
  }
  return std::nullopt;
}

/// What speaks against the thresholds of a query before they are read.
std::optional<std::string> objection(const CheckRow* check) {
  if (check == nullptr) return "thresholds need the name of a check, health has none of its own";
  if (check->measures.empty()) {
    return "check " + std::string(check->id) + " judges no number, so it takes no thresholds";
  }
  return std::nullopt;
}

State lighter(State a, State b) { return weight(a) <= weight(b) ? a : b; }

State asserted_state(const CheckResult& result, const CheckRow& check) {
  const auto cause = std::ranges::find(check.causes, result.cause, &CauseRow::id);
  if (cause == check.causes.end()) return State::ok;
  return cause->state.value_or(State::ok);
}

State grade_measure(const MeasureResult& measure, State if_not_known) {
  if (!measure.value) return if_not_known;
  return grade(*measure.value, {.warning = measure.warning, .critical = measure.critical});
}

void put_in_force(const Limits& given, MeasureResult& measure) {
  if (given.warning) measure.warning = given.warning;
  if (given.critical) measure.critical = given.critical;
}

}  // namespace

Result<Overrides, std::string> read_overrides(const CheckQuery& query, const CheckRow* check) {
  Overrides overrides;
  if (query.warning.empty() && query.critical.empty()) return overrides;
  if (const auto complaint = objection(check)) return Failed{*complaint};
  if (const auto complaint =
          take_over(query.warning, "warning", &Limits::warning, *check, overrides)) {
    return Failed{*complaint};
  }
  if (const auto complaint =
          take_over(query.critical, "critical", &Limits::critical, *check, overrides)) {
    return Failed{*complaint};
  }
  return overrides;
}

CheckResult regraded(CheckResult result, const CheckRow& check, const Overrides& overrides) {
  const State published = result.state;
  State state = lighter(asserted_state(result, check), published);
  bool touched = false;
  for (MeasureResult& measure : result.measures) {
    const auto given = overrides.find(measure.id);
    if (given == overrides.end()) {
      state = worst(state, lighter(grade_measure(measure, State::ok), published));
      continue;
    }
    touched = true;
    put_in_force(given->second, measure);
    state = worst(state, grade_measure(measure, State::unknown));
  }
  if (!touched) return result;
  result.state = result.raw_state = state;
  if (state == State::ok) result.fix.clear();
  return result;
}

}  // namespace pgrepl
