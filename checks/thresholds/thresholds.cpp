// SPDX-License-Identifier: Apache-2.0
#include "checks/thresholds/thresholds.h"

namespace pgrepl {
namespace {

/// Lays what one level says over what the levels above it said.
void lay_over(Limits& limits, const ThresholdLevel& level, std::string_view check,
              std::string_view measure) {
  const auto found = level.find(std::pair{std::string{check}, std::string{measure}});
  if (found == level.end()) return;
  if (found->second.warning) limits.warning = found->second.warning;
  if (found->second.critical) limits.critical = found->second.critical;
}

}  // namespace

Limits Thresholds::resolve(std::string_view check, std::string_view measure, std::string_view node,
                           const Limits& defaults) const {
  Limits limits = defaults;
  lay_over(limits, everywhere_, check, measure);
  lay_over(limits, cluster_, check, measure);
  if (const auto found = nodes_.find(std::string{node}); found != nodes_.end()) {
    lay_over(limits, found->second, check, measure);
  }
  return limits;
}

}  // namespace pgrepl
