// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/catalogue/check_row.h"

// What the checks of several subjects say in the same words.
namespace pgrepl::catalogue {

/// "node a1 is unreachable (refused)", for a node that did not answer.  Pure.
std::string unreachable(const NodeSnapshot& node);

/// Why nothing can be said about a standby for want of one primary; absent if there is exactly one.
/// Pure.
std::optional<std::string> no_single_primary(const CheckFacts& facts);

/// The same, or that the only primary does not show its walsenders.  Pure.
std::optional<std::string> no_walsenders_seen(const CheckFacts& facts);

/// The only primary's answer; null if none or several are there.  Pure.
const NodeState* primary_state(const CheckFacts& facts);

/// "a1 does not show its walsenders: MESSAGE", for a part of an answer that is missing.  Pure.
std::string not_shown(const std::string& node, std::string_view part, const Failure& failure);

/// The same for the system identifier or the timeline, where it is absent.  Pure.
std::string no_system_identifier(const NodeSnapshot& node);
std::string no_timeline(const NodeSnapshot& node);

/// Whether a silent node was a primary when it was last heard: its own checks are then unknown, not
/// gone.
bool is_silent_primary(const CheckFacts& facts, std::size_t node);

/// A reading that could not be made.  Pure.
Reading unknown(const std::string& node, std::string because, const std::string& object = "");

/// Whether a node's machine was read; if not, says why among the readings.
bool has_host(const CheckFacts& facts, std::size_t node, Readings& readings);

/// An amount of data for a sentence.  Pure.
std::string bytes_text(double bytes);

/// A length of time for a sentence.  Pure.
std::string time_text(Seconds length);

/// Calls `take(index, node)` for every configured node that is not the only primary.
template <class Take>
void each_standby(const CheckFacts& facts, Take take) {
  const auto primary = facts.analysis.primary();
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    if (facts.analysis.nodes[i].role == Role::primary) continue;
    // With no primary in sight a silent node may be it, unless it was last heard as a standby.
    const bool may_be_primary = facts.analysis.nodes[i].last_role != Role::standby;
    if (!primary && may_be_primary) continue;
    take(i, facts.snapshot.nodes[i].postgres);
  }
}

/// What a check of standbys says of the nodes that call themselves primary: not applicable if there
/// is one, unknown if there are several, for nobody can tell which of them should be a standby.
void for_primaries(const CheckFacts& facts, Readings& readings);

}  // namespace pgrepl::catalogue
