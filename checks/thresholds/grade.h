// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/base/state.h"
#include "checks/thresholds/thresholds.h"

namespace pgrepl {

/// What a value amounts to within its limits: critical before warning, OK where neither alerts.
/// Never UNKNOWN.  Pure.
constexpr State grade(double value, const Limits& limits) {
  if (limits.critical && limits.critical->alerts(value)) return State::critical;
  if (limits.warning && limits.warning->alerts(value)) return State::warning;
  return State::ok;
}

}  // namespace pgrepl
