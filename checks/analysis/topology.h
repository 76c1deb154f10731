// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "checks/analysis/following.h"
#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// What the nodes are together.
enum class TopologyVerdict {
  healthy,            ///< one primary, and every other node streams from it
  cascading,          ///< the same, some by way of another standby
  standby_missing,    ///< one primary, and a node that nobody sends to
  wrong_upstream,     ///< one primary, and a standby that follows somebody else
  no_primary,         ///< no node takes writes
  split_brain,        ///< two nodes of the same system take writes
  unrelated_systems,  ///< nodes that are no copies of each other
  undecidable,        ///< what can be seen allows for several of these
};

/// By TopologyVerdict.
inline constexpr std::array<std::string_view, 8> kTopologyVerdicts{
    "healthy",    "cascading",   "standby_missing",   "wrong_upstream",
    "no_primary", "split_brain", "unrelated_systems", "undecidable"};

constexpr std::string_view to_string(TopologyVerdict verdict) {
  return kTopologyVerdicts[static_cast<std::size_t>(verdict)];
}

/// Which row of the table decided; tells why, where several lead to one verdict.
enum class TopologyRule {
  nobody_answers,
  two_primaries,
  unidentified_primaries,
  primaries_in_turn,
  unrelated_primaries,
  silent_primary_feeds,
  feed_hidden,
  no_primary,
  unrelated_standby,
  wrong_upstream,
  standby_missing,
  feed_unknown,
  cascading,
  all_stream,
};

/// By TopologyRule.
inline constexpr std::array<std::string_view, 14> kTopologyRules{
    "nobody_answers",    "two_primaries",       "unidentified_primaries",
    "primaries_in_turn", "unrelated_primaries", "silent_primary_feeds",
    "feed_hidden",       "no_primary",          "unrelated_standby",
    "wrong_upstream",    "standby_missing",     "feed_unknown",
    "cascading",         "all_stream"};

constexpr std::string_view to_string(TopologyRule rule) {
  return kTopologyRules[static_cast<std::size_t>(rule)];
}

struct Topology {
  TopologyVerdict verdict = TopologyVerdict::undecidable;
  TopologyRule rule = TopologyRule::nobody_answers;
  std::vector<std::size_t> nodes;  ///< indices of the nodes that the rule speaks of

  bool operator==(const Topology&) const = default;
};

struct TopologySight;

/// One row of the table: a condition, and why it may be believed.
struct TopologyRow {
  TopologyRule rule;
  TopologyVerdict verdict;
  /// The nodes that it holds for; empty: it does not hold.
  std::vector<std::size_t> (*nodes)(const TopologySight&);
  std::string_view proof;  ///< what makes it true, and why it cannot be mistaken
};

/// The table; the first row that holds decides, and one always does.
std::span<const TopologyRow> topology_rows();

/// The verdict on all nodes of a poll together.  `following` is who_follows_whom().  Pure.
Topology judge_topology(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                        const std::vector<std::optional<Following>>& following);

/// Remembers since when each node has been primary without a break, by our clock.
void note_primaries(ClusterMemory& memory, const ClusterSnapshot& now);

}  // namespace pgrepl
