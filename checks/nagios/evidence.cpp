// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/evidence.h"

#include <cmath>
#include <limits>

#include "checks/base/units.h"

namespace pgrepl {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string interval(const Range& range, Unit unit) {
  return humanize(range.start, unit) + " to " + humanize(range.end, unit);
}

/// A range of no negative number, as defaults and most people write it, is told by its upper end
/// alone.
bool has_lower_end(const Range& range) { return range.start != -kInfinity && range.start != 0; }

std::string describe_outside(const Range& range, Unit unit) {
  const bool lower = has_lower_end(range);
  const bool upper = range.end != kInfinity;
  if (lower && upper) return "outside " + interval(range, unit);
  if (upper) return "above " + humanize(range.end, unit);
  if (range.start == -kInfinity) return "never";
  return "below " + humanize(range.start, unit);
}

std::string describe_inside(const Range& range, Unit unit) {
  const bool lower = range.start != -kInfinity;
  const bool upper = range.end != kInfinity;
  if (lower && upper) return "within " + interval(range, unit);
  if (upper) return "up to " + humanize(range.end, unit);
  return lower ? "from " + humanize(range.start, unit) : "always";
}

std::string verdict_line(const CheckResult& result, SteadyTime now) {
  const double lasted = std::max(0.0, elapsed(result.since, now).count());
  std::string line =
      std::string(to_string(result.state)) + " for " + humanize(lasted, Unit::seconds);
  if (result.raw_state != result.state) {
    line += ", this poll alone says " + std::string(to_string(result.raw_state));
  }
  if (result.cause != "none") line += ", cause " + std::string(result.cause);
  return line;
}

std::string measure_line(const MeasureResult& measure) {
  const std::string value = measure.value ? humanize(*measure.value, measure.unit) : "not known";
  const Limits limits{.warning = measure.warning, .critical = measure.critical};
  return std::string(measure.id) + " " + value + ", " + describe(limits, measure.unit);
}

}  // namespace

std::string describe(const Range& range, Unit unit) {
  return range.alert_inside ? describe_inside(range, unit) : describe_outside(range, unit);
}

std::string describe(const Limits& limits, Unit unit) {
  std::string text;
  if (limits.warning) text = "warning " + describe(*limits.warning, unit);
  if (limits.critical) {
    if (!text.empty()) text += ", ";
    text += "critical " + describe(*limits.critical, unit);
  }
  return text.empty() ? "no limits" : text;
}

std::vector<std::string> evidence(const CheckResult& result, SteadyTime now) {
  std::vector<std::string> lines{verdict_line(result, now)};
  for (const MeasureResult& measure : result.measures) lines.push_back(measure_line(measure));
  return lines;
}

}  // namespace pgrepl
