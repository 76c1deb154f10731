// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/limits.h"

#include "checks/catalogue/catalogue.h"

namespace pgrepl {

Limits limits_in_force(const CheckRow& check, const MeasureRow& measure,
                       const Thresholds& thresholds, std::string_view node,
                       const std::optional<Limits>& scaled_defaults) {
  Limits defaults = scaled_defaults.value_or(default_limits(measure));
  const auto& [other_id, other_measure] = measure.critical_follows;
  if (const CheckRow* other = find_check(other_id)) {
    const MeasureRow* followed = find_measure(*other, other_measure);
    const Limits theirs =
        thresholds.resolve(other_id, other_measure, node, default_limits(*followed));
    defaults.critical = theirs.warning;
  }
  return thresholds.resolve(check.id, measure.id, node, defaults);
}

}  // namespace pgrepl
