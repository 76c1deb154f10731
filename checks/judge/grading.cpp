// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/grading.h"

#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/limits.h"

namespace pgrepl {
namespace {

struct Grade {
  State state = State::ok;
  bool certain = true;
};

/// The bounds as (good end, bad end); a value without bounds is both.
struct Ends {
  std::optional<double> good, bad;
};

Ends ends(const MeasuredValue& value, BadSide side) {
  const auto low = value.lower ? value.lower : value.value;
  const auto high = value.upper ? value.upper : value.value;
  return side == BadSide::above ? Ends{low, high} : Ends{high, low};
}

bool alerts(const std::optional<Range>& range, std::optional<double> value) {
  return range && value && range->alerts(*value);
}

Grade grade(const Ends& ends, const Limits& limits) {
  if (alerts(limits.critical, ends.good)) return {State::critical, true};
  if (alerts(limits.warning, ends.good)) return {State::warning, true};
  const bool may_be_bad = alerts(limits.warning, ends.bad) || alerts(limits.critical, ends.bad);
  if (may_be_bad) return {State::warning, false};
  return {};
}

/// A value whose bad end is not known can be proved bad but never proved fine.
bool proves_nothing(const Ends& ends) { return ends.good.has_value() && !ends.bad.has_value(); }

const MeasuredValue* value_of(const Reading& reading, std::string_view measure) {
  for (const MeasuredValue& value : reading.values) {
    if (value.measure == measure) return &value;
  }
  return nullptr;
}

/// Whether nothing is needed, or the reading's value of that measure is beyond the warning that the
/// check it belongs to has in force.
bool has_what_it_needs(const std::pair<std::string_view, std::string_view>& needs,
                       const Reading& reading, const Thresholds& thresholds) {
  const auto& [check_id, measure_id] = needs;
  const CheckRow* check = find_check(check_id);
  if (check == nullptr) return true;
  const MeasuredValue* value = value_of(reading, measure_id);
  const MeasureRow* measure = find_measure(*check, measure_id);
  const Limits limits = limits_in_force(*check, *measure, thresholds, reading.node);
  return value != nullptr && alerts(limits.warning, ends(*value, measure->bad).good);
}

/// The limits that count for this reading.
Limits counting(Limits limits, const MeasureRow& row, const Reading& reading,
                const Thresholds& thresholds) {
  if (!has_what_it_needs(row.warning_needs, reading, thresholds)) return {};
  if (!has_what_it_needs(row.critical_needs, reading, thresholds)) limits.critical.reset();
  return limits;
}

/// Lets one graded value take part in the whole.
void count_in(Grading& all, const Ends& known, const Grade& graded) {
  const int more = weight(graded.state) - weight(all.state);
  if (more > 0) all.certain = graded.certain;
  if (more == 0) all.certain = all.certain || graded.certain;
  all.state = worst(all.state, graded.state);
  if (proves_nothing(known) && graded.state == State::ok) {
    all.state = worst(all.state, State::unknown);
  }
}

}  // namespace

Grading grade_values(const CheckRow& check, const Reading& reading, const Thresholds& thresholds) {
  Grading all;
  for (const MeasureRow& row : check.measures) {
    const MeasuredValue* value = value_of(reading, row.id);
    const std::optional<Limits> scaled = value == nullptr ? std::nullopt : value->scaled_defaults;
    const Limits limits = limits_in_force(check, row, thresholds, reading.node, scaled);
    MeasureResult result{
        .id = row.id, .unit = row.unit, .warning = limits.warning, .critical = limits.critical};
    if (value != nullptr) {
      const Ends known = ends(*value, row.bad);
      count_in(all, known, grade(known, counting(limits, row, reading, thresholds)));
      result.value = value->value;
      result.minimum = value->minimum;
      result.maximum = value->maximum;
    }
    all.measures.push_back(result);
  }
  return all;
}

}  // namespace pgrepl
