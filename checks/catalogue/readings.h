// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/catalogue/check_row.h"

// What the checks of several subjects say in the same words.
namespace pgrepl::catalogue {

/// Why something could not be looked at.
struct Because {
  std::string text;
  std::string node;  ///< that shows nothing; empty: no single one

  Because(const char* why) : text(why) {}
  Because(std::string why, std::string hidden_by = {})
      : text(std::move(why)), node(std::move(hidden_by)) {}
};

/// "node a1 is unreachable (refused)", for a node that did not answer.  Pure.
Because unreachable(const NodeSnapshot& node);

/// "pg_wal of a1 could not be read: MESSAGE", or "... was not read yet".  Pure.
Because not_read(const NodeSnapshot& node, std::string_view what,
                 const std::optional<Failure>& failure);

/// "the monitoring role lacks pg_monitor on a1".  Pure.
Because lacks_pg_monitor(const NodeSnapshot& node);

/// Why nothing can be said about a standby for want of one primary; absent if there is exactly one.
/// Pure.
std::optional<Because> no_single_primary(const CheckFacts& facts);

/// The same, or that the only primary does not show its walsenders.  Pure.
std::optional<Because> no_walsenders_seen(const CheckFacts& facts);

/// The only primary's answer; null if none or several are there.  Pure.
const NodeState* primary_state(const CheckFacts& facts);

/// "a1 does not show its walsenders: MESSAGE", for a part of an answer that is missing.  Pure.
std::string not_shown(const std::string& node, std::string_view part, const Failure& failure);

/// The same for the system identifier or the timeline, where it is absent.  Pure.
std::string no_system_identifier(const NodeSnapshot& node);
std::string no_timeline(const NodeSnapshot& node);

/// Whether a check of primaries has this node to look at.  If not, says so: a standby is not
/// concerned, nor is a silent node that is one as far as is known; any other silent node is
/// unknown.
bool is_open_primary(const CheckFacts& facts, std::size_t node, Readings& readings);

/// A reading that could not be made.  Pure.
Reading unknown(const std::string& node, Because because, const std::string& object = "");

/// Whether a node's machine was read; if not, says why among the readings.
bool has_host(const CheckFacts& facts, std::size_t node, Readings& readings);

/// An amount of data for a sentence.  Pure.
std::string bytes_text(double bytes);

/// A length of time for a sentence.  Pure.
std::string time_text(Seconds length);

/// Whether a silent node is taken for the primary: it was when it was last heard, and none answers.
bool is_silent_primary(const CheckFacts& facts, std::size_t node);

/// Calls `take(index, node)` for every configured node that is not taken for a primary.
template <class Take>
void each_standby(const CheckFacts& facts, Take take) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    if (facts.analysis.nodes[i].role == Role::primary || is_silent_primary(facts, i)) continue;
    take(i, facts.snapshot.nodes[i].postgres);
  }
}

/// What a check of standbys says of the nodes that each_standby() leaves out: not applicable if
/// there is one primary, or a silent one, unknown if there are several, for nobody can tell which
/// of them should be a standby.
void for_primaries(const CheckFacts& facts, Readings& readings);

}  // namespace pgrepl::catalogue
