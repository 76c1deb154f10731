// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/findings.h"

#include <algorithm>
#include <iterator>

#include "checks/nagios/freshness.h"

namespace pgrepl {
namespace {

/// A result that says only why there is none.
CheckResult blind(std::string_view check, std::string reason) {
  return {.check = check, .summary = std::move(reason)};
}

std::string_view asked_check(const Scope& scope) {
  return scope.check == nullptr ? kFreshnessCheck : scope.check->id;
}

bool asks_for(const Scope& scope, std::string_view check) {
  return scope.check == nullptr || scope.check->id == check;
}

bool concerns(const Scope& scope, std::string_view node) {
  return scope.node.empty() || node.empty() || node == scope.node;
}

const CheckRow* freshness_row(const KnownWorld& world) {
  const auto row = std::ranges::find(world.checks, kFreshnessCheck, &CheckRow::id);
  return row == world.checks.end() ? nullptr : &*row;
}

/// By the reader's clock, too: it may have ended since the poll.
std::optional<Maintenance> present_maintenance(const ClusterReport& report, SteadyTime now) {
  return report.policy.maintenance_at(report.snapshot.taken.wall +
                                      (now - report.snapshot.taken.steady));
}

std::string primary_name(const ClusterReport& report) {
  const auto primary = report.analysis.primary();
  if (!primary || *primary >= report.snapshot.nodes.size()) return {};
  return report.snapshot.nodes[*primary].postgres.name;
}

std::vector<std::string> silent_names(const ClusterReport& report) {
  std::vector<std::string> names;
  for (const std::size_t node : report.analysis.silent) {
    if (node < report.snapshot.nodes.size()) {
      names.push_back(report.snapshot.nodes[node].postgres.name);
    }
  }
  return names;
}

/// A stale report says one thing only: that it is stale.
std::vector<CheckResult> stale_results(const ClusterReport& report, const Scope& scope,
                                       const KnownWorld& world) {
  if (asks_for(scope, kFreshnessCheck)) {
    return {judge_freshness(report, freshness_row(world), world.now)};
  }
  return {blind(scope.check->id, freshness_sentence(report, world.now))};
}

std::vector<CheckResult> fresh_results(const ClusterReport& report, const Scope& scope,
                                       const KnownWorld& world, const Overrides& overrides) {
  std::vector<CheckResult> results;
  if (asks_for(scope, kFreshnessCheck)) {
    results.push_back(judge_freshness(report, freshness_row(world), world.now));
  }
  std::ranges::copy_if(report.results, std::back_inserter(results), [&](const auto& result) {
    return asks_for(scope, result.check) && concerns(scope, result.node);
  });
  if (overrides.empty()) return results;
  for (CheckResult& result : results) {
    result = regraded(std::move(result), *scope.check, overrides);
  }
  return results;
}

std::vector<AbsentCheck> absences(const ClusterReport& report, const Scope& scope) {
  std::vector<AbsentCheck> absent;
  std::ranges::copy_if(report.absent, std::back_inserter(absent), [&](const AbsentCheck& entry) {
    return asks_for(scope, entry.check) && concerns(scope, entry.node);
  });
  return absent;
}

}  // namespace

ClusterFindings find_results(const ClusterScope& cluster, const Scope& scope,
                             const KnownWorld& world, const Overrides& overrides) {
  if (cluster.report == nullptr) {
    return {.cluster = cluster.name,
            .fresh = false,
            .results = {blind(asked_check(scope), "no poll yet of cluster " + cluster.name)}};
  }
  const ClusterReport& report = *cluster.report;
  ClusterFindings findings{.cluster = cluster.name,
                           .fresh = is_fresh(report, world.now),
                           .maintenance = present_maintenance(report, world.now),
                           .primary = primary_name(report),
                           .silent = silent_names(report)};
  if (!findings.fresh) {
    findings.results = stale_results(report, scope, world);
    return findings;
  }
  findings.results = fresh_results(report, scope, world, overrides);
  mute(findings.results, world.checks, findings.maintenance.has_value());
  findings.absent = absences(report, scope);
  return findings;
}

}  // namespace pgrepl
