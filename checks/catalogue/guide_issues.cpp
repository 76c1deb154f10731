// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/guide_issues.h"

#include <algorithm>

namespace pgrepl {
namespace {

constexpr std::string_view kNotStarting[] = {"wal_senders"};
constexpr std::string_view kLagIncreasing[] = {"replay_lag", "replay_lag_bytes", "network_latency"};
constexpr std::string_view kAccumulating[] = {"slot_wal_status", "slot_retention", "wal_directory",
                                              "disk_usage", "archive"};

constexpr GuideIssue kIssues[] = {
    {.heading = "Replication not starting",
     .symptoms = "pg_stat_replication shows no rows",
     .source = "replication not starting",
     .checks = kNotStarting},
    {.heading = "Replication lag increasing",
     .symptoms = "Lag keeps growing, sync_state shows 'async'",
     .source = "lag increasing",
     .checks = kLagIncreasing},
    {.heading = "WAL segments accumulating on primary",
     .symptoms = "pg_wal directory growing, disk filling",
     .source = "WAL segments accumulating",
     .checks = kAccumulating},
    {.heading = "Timeline mismatch after failover",
     .symptoms = "Standby cannot connect, \"timeline X not found\" errors",
     .source = "timeline mismatch",
     .checks = {}},
};

bool names(std::string_view source, std::string_view issue) {
  return source.starts_with("guide: ") && source.find(issue) != std::string_view::npos;
}

}  // namespace

std::span<const GuideIssue> guide_issues() { return kIssues; }

bool sees(const CheckRow& check, const GuideIssue& issue) {
  return names(check.source, issue.source) ||
         std::ranges::any_of(
             check.measures,
             [&](const MeasureRow& measure) { return names(measure.source, issue.source); }) ||
         std::ranges::find(issue.checks, check.id) != issue.checks.end();
}

const GuideIssue* issue_seen_by(const CheckRow& check) {
  const auto found =
      std::ranges::find_if(kIssues, [&](const GuideIssue& issue) { return sees(check, issue); });
  return found == std::end(kIssues) ? nullptr : found;
}

}  // namespace pgrepl
