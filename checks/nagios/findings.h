// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/model/check_result.h"
#include "checks/nagios/overrides.h"
#include "checks/nagios/scope.h"

namespace pgrepl {

/// What is to be said of one cluster in answer to a query.
struct ClusterFindings {
  std::string cluster;
  bool fresh = true;
  std::vector<CheckResult> results;  ///< root causes first; never empty for health
  std::vector<AbsentCheck> absent;
  std::optional<Maintenance> maintenance;  ///< only while it lasts
  std::string primary;                     ///< the only one; empty if none or several
  std::vector<std::string> silent;         ///< nodes that did not answer
};

/// Picks what belongs to the query out of a cluster's report.  Freshness is judged here and not by
/// the judge, because only the reader's clock knows the age of a report.  Pure.
ClusterFindings find_results(const ClusterScope& cluster, const Scope& scope,
                             const KnownWorld& world, const Overrides& overrides);

}  // namespace pgrepl
