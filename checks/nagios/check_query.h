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

/// What a monitoring core asks: one check, "health" (all of them, root cause first), or "list"
/// (which checks there are).
struct CheckQuery {
  std::string check = "health";
  std::string cluster;  ///< empty: all
  std::string node;     ///< empty: all; findings about the cluster as a whole belong to every node
  std::vector<std::string> warning;  ///< "range" (the first measure's) or "measure=range", as given
  std::vector<std::string> critical;
  int verbosity =
      0;  ///< 0 what is bad; 1 and how to mend it; 2 and the evidence, also of what is fine
};

/// A plugin's output: exit code and text (first line with perfdata, then long output).
struct PluginOutput {
  State state = State::unknown;
  std::string text;  ///< ends with a line break
  bool not_found =
      false;          ///< the check, cluster or node does not exist; the text lists those that do
  bool fresh = true;  ///< false: a report is older than its limit, or there is none yet
};

/// Answers a query from the reports.  `now` decides about freshness: a stale report is never OK,
/// and what it says of other checks is not repeated.  A cluster in `configured_clusters` without a
/// report is UNKNOWN "no poll yet".  Pure.
PluginOutput answer(const CheckQuery& query, std::span<const ClusterReport* const> reports,
                    std::span<const std::string> configured_clusters, SteadyTime now);

}  // namespace pgrepl
