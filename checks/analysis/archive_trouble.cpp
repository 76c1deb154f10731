// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/archive_trouble.h"

#include <limits>

namespace pgrepl {
namespace {

/// The age of what never happened.
constexpr Seconds kNever{std::numeric_limits<double>::infinity()};

bool archives(const NodeState& node) {
  const auto mode = node.settings.value ? node.settings.value->archive_mode : std::nullopt;
  if (mode == "off") return false;
  return !node.in_recovery || mode == "always";
}

bool one_waits_too_long(const SlowFact<ArchiveStatusDirectory>& directory) {
  return directory.value && directory.value->oldest_ready_age > kArchivingPatience;
}

}  // namespace

std::optional<bool> archive_in_trouble(const NodeState& node) {
  if (!archives(node)) return false;
  if (!node.archiver.value) return std::nullopt;
  const Seconds archived_age = node.archiver.value->last_archived_age.value_or(kNever);
  const Seconds failed_age = node.archiver.value->last_failed_age.value_or(kNever);
  if (failed_age < archived_age) return true;
  if (!node.archive_status.value)
    return std::nullopt;  // a backlog too big to list is the worst one
  return archived_age > kArchivingPatience && one_waits_too_long(node.archive_status);
}

}  // namespace pgrepl
