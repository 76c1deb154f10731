// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/memory.h"
#include "checks/catalogue/check_row.h"
#include "checks/model/check_result.h"
#include "checks/thresholds/thresholds.h"

namespace pgrepl {

/// A check that gave no verdict on a node, and why that is not a fault.
struct AbsentCheck {
  std::string_view check;
  std::string node;
  Absence::Kind kind = Absence::Kind::not_applicable;
  std::string reason;
};

/// One cluster, observed, concluded and judged: all that is published of it.  Immutable once made.
struct ClusterReport {
  ClusterSnapshot snapshot;
  ClusterAnalysis analysis;
  ClusterPolicy policy;
  std::vector<CheckResult> results;  ///< in the catalogue's order
  std::vector<AbsentCheck> absent;

  /// Until when the report may be believed.
  SteadyTime valid_until() const { return after(snapshot.taken.steady, policy.freshness_limit()); }
};

/// What came out of judging: the verdicts, and the holds to remember for the next poll.
struct Judgement {
  std::vector<CheckResult> results;
  std::vector<AbsentCheck> absent;
  std::map<CheckKey, HoldMemory> holds;
};

/// Judges every check of the catalogue against the thresholds, with hold times applied.  Pure.
Judgement judge(const CheckFacts& facts, const Thresholds& thresholds,
                const std::map<CheckKey, HoldMemory>& before);

/// Observation in, report and memory out: remember, analyze, judge, mute.  `memory` is replaced.
/// Pure.
ClusterReport report_on(ClusterSnapshot snapshot, const ClusterPolicy& policy,
                        const Thresholds& thresholds, ClusterMemory& memory);

/// Marks what should wake nobody while the cluster is under maintenance: every result that is not
/// OK, unless its cause destroys data or it tells that the exporter is blind.  Unmarks the others.
/// Their states stay as they are.  Pure.
void mute(std::span<CheckResult> results, std::span<const CheckRow> checks, bool under_maintenance);

}  // namespace pgrepl
