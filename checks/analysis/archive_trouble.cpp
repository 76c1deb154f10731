// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/archive_trouble.h"

#include <limits>

namespace pgrepl {
namespace {

/// The age of what never happened.
constexpr Seconds kNever{std::numeric_limits<double>::infinity()};

bool one_waits_too_long(const SlowFact<ArchiveStatusDirectory>& directory) {
  return directory.value && directory.value->oldest_ready_age > kArchivingPatience;
}

}  // namespace

std::optional<std::string_view> nothing_to_archive(const NodeState& node) {
  const auto mode = node.settings.value ? node.settings.value->archive_mode : std::nullopt;
  if (mode == "off") return "archive_mode is off";
  if (node.in_recovery && mode != "always")
    return "a standby archives only with archive_mode = always";
  return std::nullopt;
}

bool last_attempt_failed(const StatArchiverRow& archiver) {
  return archiver.last_failed_age.value_or(kNever) < archiver.last_archived_age.value_or(kNever);
}

std::optional<bool> archive_in_trouble(const NodeState& node) {
  if (nothing_to_archive(node)) return false;
  if (!node.archiver.value) return std::nullopt;
  if (last_attempt_failed(*node.archiver.value)) return true;
  if (!node.archive_status.value)
    return std::nullopt;  // a backlog too big to list is the worst one
  const Seconds archived_age = node.archiver.value->last_archived_age.value_or(kNever);
  return archived_age > kArchivingPatience && one_waits_too_long(node.archive_status);
}

}  // namespace pgrepl
