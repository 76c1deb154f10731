// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/sync.h"

#include <algorithm>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {
namespace {

/// What synchronous_standby_names of the only primary demands; absent if it could not be read.
std::optional<bool> names_a_sync_standby(const ClusterSnapshot& snapshot,
                                         std::optional<std::size_t> primary) {
  if (!primary) return std::nullopt;
  const auto& names = snapshot.nodes[*primary].postgres.state->synchronous_standby_names;
  if (!names) return std::nullopt;
  return !names->empty();
}

/// The server's own setting proves a demand, but its emptiness proves nothing: the resource agent
/// empties it by itself when the standby leaves.
std::optional<bool> sync_is_required(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                                     const ClusterPolicy& policy,
                                     std::optional<std::size_t> primary) {
  if (policy.expect_sync != ExpectSync::automatic) {
    return policy.expect_sync == ExpectSync::required;
  }
  if (memory.sync_seen) return true;
  return names_a_sync_standby(snapshot, primary);
}

PrimarySync sync_of(const NodeState& primary) {
  PrimarySync sync{.demand = demand_of(primary)};
  if (primary.missing.wal_senders || !primary.has_pg_monitor) return sync;
  sync.counted_on.emplace();
  for (const StatReplicationRow& row : primary.wal_senders) {
    if (row.is_synchronous()) sync.counted_on->push_back(row.application_name);
  }
  return sync;
}

// --- as the primary ------------------------------------------------------------------------------

/// One possible standby of a node, by all names that it may come under.
using Names = std::vector<std::string>;

const StatReplicationRow* walsender_of(const ClusterAnalysis& all, const ClusterSnapshot& now,
                                       std::size_t node) {
  const auto& match = all.nodes[node].walsender;
  return match ? &now.nodes[match->node].postgres.state->wal_senders[match->row] : nullptr;
}

Names names_of_node(const ClusterAnalysis& all, const ClusterSnapshot& now, std::size_t node) {
  const NodeSnapshot& seen = now.nodes[node].postgres;
  Names names{seen.name};
  if (const auto* row = walsender_of(all, now, node)) names.push_back(row->application_name);
  // What a receiver calls itself without an application_name in its conninfo.
  if (!seen.up() || !seen.state->settings.value) return names;
  const auto& cluster_name = seen.state->settings.value->cluster_name;
  if (cluster_name && !cluster_name->empty()) names.push_back(*cluster_name);
  return names;
}

/// Who could stream from `node`, were it the primary: the other nodes, and whoever else streams
/// from the primary now.
std::vector<Names> possible_standbys(const ClusterAnalysis& all, const ClusterSnapshot& now,
                                     std::size_t node) {
  std::vector<Names> possible;
  std::vector<const StatReplicationRow*> ours;
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    ours.push_back(walsender_of(all, now, i));
    if (i != node) possible.push_back(names_of_node(all, now, i));
  }
  if (const auto primary = all.primary()) {
    for (const StatReplicationRow& row : now.nodes[*primary].postgres.state->wal_senders) {
      const bool stranger = std::ranges::find(ours, &row) == ours.end();
      if (stranger && row.state == "streaming") possible.push_back({row.application_name});
    }
  }
  return possible;
}

/// Whether nodes stream under other names than the configuration's: then a name that nobody is
/// known by may be one of theirs.
bool names_are_a_guess(const ClusterAnalysis& all) {
  return std::ranges::any_of(all.nodes, [](const NodeAnalysis& node) {
    return node.walsender && node.walsender->by != MatchedBy::application_name;
  });
}

SyncOutlook outlook_of(const ClusterAnalysis& all, const ClusterSnapshot& now, std::size_t node) {
  const auto demand = demand_of(*now.nodes[node].postgres.state);
  if (!demand) return SyncOutlook::unknown;
  if (demand->count == 0) return SyncOutlook::async;
  const std::vector<Names> possible = possible_standbys(all, now, node);
  const auto demanded = std::ranges::count_if(possible, [&](const Names& names) {
    return std::ranges::any_of(
        names, [&](const std::string& name) { return names_standby(*demand, name); });
  });
  if (demanded >= demand->count) return SyncOutlook::fine;
  const Names own = names_of_node(all, now, node);
  const bool names_others = std::ranges::any_of(demand->names, [&](const std::string& name) {
    return std::ranges::none_of(own, [&](const auto& us) { return is_same_standby(us, name); });
  });
  return names_others && names_are_a_guess(all) ? SyncOutlook::unknown : SyncOutlook::blocked;
}

}  // namespace

std::optional<bool> PrimarySync::is_safe() const {
  if (!counted_on) return std::nullopt;
  return std::ssize(*counted_on) >= std::max(1, required().value_or(1));
}

std::optional<SyncNames> demand_of(const NodeState& node) {
  if (!node.synchronous_standby_names) return std::nullopt;
  const auto demand = parse_sync_names(*node.synchronous_standby_names);
  return demand ? std::optional{*demand} : std::nullopt;
}

void conclude_sync(ClusterAnalysis& all, const ClusterSnapshot& now, const ClusterMemory& memory,
                   const ClusterPolicy& policy) {
  all.sync_required = sync_is_required(now, memory, policy, all.primary());
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    NodeAnalysis& node = all.nodes[i];
    if (node.role == Role::unknown) continue;
    node.sync_outlook = outlook_of(all, now, i);
    if (node.role == Role::primary) node.sync = sync_of(*now.nodes[i].postgres.state);
  }
}

}  // namespace pgrepl
