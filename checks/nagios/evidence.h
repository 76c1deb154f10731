// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/model/check_result.h"
#include "checks/thresholds/thresholds.h"

namespace pgrepl {

/// "above 10 s", "below 4 h", "outside 10 s to 20 s", "inside ..., "never": when a range alerts.
/// Pure.
std::string describe(const Range& range, Unit unit);

/// "warning above 10 s, critical above 25 s", or "no limits".  Pure.
std::string describe(const Limits& limits, Unit unit);

/// What a verdict rests on, a line each: how long it has held, what this poll alone would say, the
/// cause, and every number with its limits.  Pure.
std::vector<std::string> evidence(const CheckResult& result, SteadyTime now);

}  // namespace pgrepl
