// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/grading.h"

#include "checks/catalogue/catalogue.h"

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

}  // namespace

Grading grade_values(const CheckRow& check, const Reading& reading, const Thresholds& thresholds) {
  Grading all;
  for (const MeasuredValue& value : reading.values) {
    const MeasureRow* row = find_measure(check, value.measure);
    if (row == nullptr) continue;  // a reading speaks only of declared measures; a test proves it
    const Limits limits = thresholds.resolve(check.id, row->id, reading.node,
                                             value.scaled_defaults.value_or(default_limits(*row)));
    const Ends known = ends(value, row->bad);
    const Grade graded = grade(known, limits);
    const bool outweighs = weight(graded.state) > weight(all.state);
    all.certain = outweighs ? graded.certain : all.certain || graded.certain;
    all.state = worst(all.state, graded.state);
    all.measures.push_back({.id = row->id,
                            .unit = row->unit,
                            .value = value.value,
                            .warning = limits.warning,
                            .critical = limits.critical,
                            .minimum = value.minimum,
                            .maximum = value.maximum});
    if (proves_nothing(known) && graded.state == State::ok)
      all.state = worst(all.state, State::unknown);
  }
  return all;
}

std::vector<MeasureResult> limits_alone(const CheckRow& check, std::string_view node,
                                        const Thresholds& thresholds) {
  std::vector<MeasureResult> all;
  for (const MeasureRow& row : check.measures) {
    const Limits limits = thresholds.resolve(check.id, row.id, node, default_limits(row));
    all.push_back(
        {.id = row.id, .unit = row.unit, .warning = limits.warning, .critical = limits.critical});
  }
  return all;
}

}  // namespace pgrepl
