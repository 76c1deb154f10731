// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checks/base/range.h"
#include "checks/base/state.h"
#include "checks/judge/judge.h"

namespace pgrepl {

/// What a monitoring core asks: one check, or "health" (all of them, root cause first).
struct CheckQuery {
  std::string check = "health";
  std::string cluster;  ///< empty: the only one, or all for health
  std::string node;     ///< empty: all
  std::vector<std::string> warning;   ///< "range" or "measure=range", as given
  std::vector<std::string> critical;
  int verbosity = 0;    ///< 0 first line only; 1 fix steps; 2 evidence
};

/// A plugin's output: exit code and text (first line with perfdata, then long output).
struct PluginOutput {
  State state = State::unknown;
  std::string text;      ///< ends with a line break
  bool not_found = false;  ///< the check, cluster or node does not exist; the text lists those that do
  bool fresh = true;       ///< false: the report is older than its limit
};

/// Answers a query from the reports.  `now` decides about freshness: a stale report is never OK.
/// `exporter_started` explains a cluster that is configured but has no report yet ("no poll yet").
/// Pure.
PluginOutput answer(const CheckQuery& query, std::span<const ClusterReport* const> reports,
                    std::span<const std::string> configured_clusters, SteadyTime now);

}  // namespace pgrepl
