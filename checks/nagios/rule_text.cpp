// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/rule_text.h"

#include <vector>

#include "checks/base/text.h"
#include "checks/catalogue/catalogue.h"
#include "checks/nagios/evidence.h"

namespace pgrepl {
namespace {

std::string limit_text(const std::optional<Range>& limit, Unit unit) {
  return limit ? describe(*limit, unit) : "never";
}

}  // namespace

std::string hold_text(const Hold& hold) {
  std::vector<std::string> conditions;
  if (hold.seconds > 0) {
    conditions.push_back("has lasted for " + humanize(hold.seconds, Unit::seconds));
  }
  if (hold.polls > 1) {
    conditions.push_back("was seen by " + std::to_string(hold.polls) + " polls in a row");
  }
  if (conditions.empty()) return "A finding counts at once.";
  return "A finding counts once it " + join(conditions, " and ") + ".";
}

std::string threshold_key(const CheckRow& check, const MeasureRow& measure) {
  std::string key{check.id};
  if (check.measures.size() > 1) key += "." + std::string{measure.id};
  return key;
}

std::string warning_text(const MeasureRow& measure) {
  return limit_text(default_limits(measure).warning, measure.unit);
}

std::string critical_text(const MeasureRow& measure) {
  const auto& [check, followed] = measure.critical_follows;
  const std::string limit = limit_text(default_limits(measure).critical, measure.unit);
  if (check.empty()) return limit;
  return limit + ", the warning of " + std::string{check} + "." + std::string{followed};
}

}  // namespace pgrepl
