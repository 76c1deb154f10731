// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/analysis/archive_feed.h"
#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/lag.h"
#include "checks/analysis/slots.h"
#include "checks/analysis/walsender_match.h"

namespace pgrepl {
namespace {

constexpr Seconds kRateWindow{60};

Role role_of(const NodeSnapshot& node) {
  if (!node.up()) return Role::unknown;
  return node.state->in_recovery ? Role::standby : Role::primary;
}

Role last_role_of(const std::string& node, const ClusterMemory& memory) {
  const auto found = memory.last_role.find(node);
  if (found == memory.last_role.end()) return Role::unknown;
  return found->second == to_string(Role::primary) ? Role::primary : Role::standby;
}

std::optional<Lsn> position_of(const NodeSnapshot& node) {
  if (!node.up()) return std::nullopt;
  const NodeState& state = *node.state;
  if (!state.in_recovery) return state.current_wal_flush_lsn;
  return std::max(state.receive_lsn, state.replay_lsn);  // an absent one counts as the smaller
}

template <class Key>
std::optional<Seconds> since(const std::map<Key, SteadyTime>& first_seen, const Key& key,
                             SteadyTime now) {
  const auto found = first_seen.find(key);
  if (found == first_seen.end()) return std::nullopt;
  return elapsed(found->second, now);
}

void conclude_waits(NodeAnalysis& node, const NodeSnapshot& seen, const ClusterMemory& memory,
                    SteadyTime now) {
  if (!seen.up()) return;
  node.sync_rep_waiters = seen.state->sync_rep_waiters.size();
  for (const SyncRepWaiter& waiter : seen.state->sync_rep_waiters) {
    const auto waited =
        since(memory.sync_rep_since, std::pair{seen.name, waiter}, now).value_or(Seconds{0});
    node.longest_sync_rep_wait = std::max(node.longest_sync_rep_wait.value_or(waited), waited);
  }
  node.archive_trouble_for = since(memory.archive_trouble_since, seen.name, now);
}

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

}  // namespace

ClusterAnalysis analyze(const ClusterSnapshot& now, const ClusterMemory& memory,
                        const ClusterPolicy& policy) {
  ClusterAnalysis all;
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeSnapshot& seen = now.nodes[i].postgres;
    NodeAnalysis node{.role = role_of(seen),
                      .last_role = last_role_of(seen.name, memory),
                      .position = position_of(seen)};
    if (node.role == Role::primary) all.primaries.push_back(i);
    if (node.role == Role::unknown) all.silent.push_back(i);
    node.slots = analyze_slots(seen, node.position, memory, now.taken.steady);
    conclude_waits(node, seen, memory, now.taken.steady);
    all.nodes.push_back(std::move(node));
  }
  const auto following = who_follows_whom(now, policy);
  all.topology = judge_topology(now, memory, following);
  const auto primary = all.primary();
  const Upstream upstream = find_upstream(now, memory, all.primaries);
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    NodeAnalysis& node = all.nodes[i];
    node.following = following[i];
    if (node.role == Role::primary) continue;
    if (primary) node.walsender = match_walsender(now, policy, *primary, i);
    const StatReplicationRow* row =
        node.walsender ? &now.nodes[*primary].postgres.state->wal_senders[node.walsender->row]
                       : nullptr;
    const NodeSnapshot& seen = now.nodes[i].postgres;
    const bool from_archive = seen.up() && is_fed_from_archive(seen, memory, now.taken.steady);
    node.lag = standby_lag(seen, {.walsender = row, .from_archive = from_archive}, upstream);
  }
  if (primary && upstream.clock != nullptr) {
    all.wal_generation_rate = upstream.clock->generation_rate(now.taken.steady, kRateWindow);
  }
  all.sync_required = sync_is_required(now, memory, policy, primary);
  return all;
}

}  // namespace pgrepl
