// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace pgrepl {

/// A threshold as monitoring plugins write it: the interval that is fine, or with '@' the interval
/// that is not.  Both ends belong to the interval.
struct Range {
  double start = 0;
  double end = std::numeric_limits<double>::infinity();
  bool alert_inside = false;

  /// Whether `value` deserves an alert.  Pure.
  constexpr bool alerts(double value) const {
    const bool inside = value >= start && value <= end;
    return inside == alert_inside;
  }

  bool operator==(const Range&) const = default;
};

/// Reads "[@][start:][end]": "10" (0 to 10), "10:" (10 and more), "~:10" (10 and less), "10:20",
/// "@10:20".  Absent for any other text: empty, "@", ":", start > end, exponents beyond a double,
/// NaN.  Pure.
std::optional<Range> parse_range(std::string_view text);

/// The shortest spelling that parse_range() reads back to the same range.  Pure.
std::string to_string(const Range& range);

/// Fine up to `limit`, an alert above it.  Pure.
constexpr Range above(double limit) { return Range{.start = 0, .end = limit}; }

/// Fine from `limit` on, an alert below it.  Pure.
constexpr Range below(double limit) { return Range{.start = limit}; }

}  // namespace pgrepl
