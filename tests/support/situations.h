// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl::test {

/// What a node may be to the others, one letter each.
///
///   P  primary                          Q  primary of another system
///   U  primary that does not tell its system identifier
///   L  primary that was a standby five seconds before, and is asked three seconds after the others
///   s  standby, streams from the first P; without one: from a silent node, else from a stranger
///   c  standby, streams from the next standby behind it in the row (s, c or n)
///   o  standby, streams from the first silent node; without one: from a stranger
///   x  standby, streams from a stranger
///   n  standby without a receiver       t  standby of another system, streams from a stranger
///   h  standby whose receiver the monitoring role may not see, with no walsender that fits
///   -  silent, with no walsender        z  silent, still with a walsender on the first P
inline constexpr std::string_view kSituations = "PQULscoxnth-z";

/// A cluster whose nodes are those of a text such as "Psn", named a1, a2 ..., with addresses
/// 10.0.0.1, 10.0.0.2 ...  All at one moment, `now`.
struct Situation {
  explicit Situation(std::string_view nodes);

  ClusterSnapshot snapshot;
  ClusterPolicy policy;
  ClusterMemory memory;

  NodeState& state(std::size_t node) { return snapshot.nodes[node].postgres.state.value(); }
  /// As if the same had been seen five seconds before, but for L.
  Situation& lasting();
  /// The analysis of this poll.
  ClusterAnalysis analyze();

 private:
  void move(std::chrono::seconds by);
  /// Of those that are an L.
  void make_standbys(bool standbys);

  std::string nodes_;
};

}  // namespace pgrepl::test
