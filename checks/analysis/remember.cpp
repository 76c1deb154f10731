// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "checks/analysis/archive_feed.h"
#include "checks/analysis/archive_trouble.h"
#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/disk_forecast.h"
#include "checks/analysis/failover.h"
#include "checks/analysis/feed_clocks.h"
#include "checks/analysis/following.h"
#include "checks/analysis/fork_points.h"
#include "checks/analysis/history.h"
#include "checks/analysis/lag_forecast.h"
#include "checks/analysis/note_events.h"
#include "checks/analysis/other_clients.h"
#include "checks/analysis/slot_owner.h"
#include "checks/analysis/timeline.h"
#include "checks/analysis/topology.h"

namespace pgrepl {
namespace {

using Names = std::set<std::string>;

template <class Map, class NodeOf>
void keep(Map& map, const Names& nodes, NodeOf node_of) {
  std::erase_if(map, [&](const auto& item) { return !nodes.contains(node_of(item.first)); });
}

/// Keeps what was seen of these nodes' servers, and forgets that of all others.
void keep_servers(ClusterMemory& memory, const Names& nodes) {
  const auto itself = [](const std::string& node) { return node; };
  const auto first = [](const auto& key) { return key.first; };
  keep(memory.slot_inactive_since, nodes, first);
  keep(memory.sync_rep_since, nodes, first);
  keep(memory.reply_since, nodes, first);
  keep(memory.archive_trouble_since, nodes, itself);
  keep(memory.last_role, nodes, itself);
  keep(memory.primary_since, nodes, itself);
  keep(memory.last_replayed, nodes, itself);
  keep(memory.unserved_since, nodes, itself);
  keep(memory.last_walsenders, nodes, itself);
  keep(memory.others_walsenders, nodes, first);
  keep(memory.rewindable, nodes, itself);
  keep(memory.without_receiver, nodes, itself);
  keep(memory.lag_history, nodes, itself);
  keep(memory.used_slot, nodes, itself);
  std::erase_if(memory.lost_slots, [&](const auto& slot) { return !nodes.contains(slot.first); });
}

void forget_strangers(ClusterMemory& memory, const ClusterSnapshot& now) {
  const auto itself = [](const std::string& node) { return node; };
  Names configured;
  for (const NodeObservation& node : now.nodes) configured.insert(node.postgres.name);
  keep_servers(memory, configured);
  keep(memory.last_answer, configured, itself);
  keep(memory.silence, configured, itself);
  if (memory.failover && !configured.contains(memory.failover->new_primary)) {
    memory.failover.reset();
  }
  keep(memory.disk_history, configured, [](const auto& key) { return key.first; });
}

/// Where a server of another system answers now, as after pg_upgrade, nothing holds that was seen
/// of the one before; only the journal compares the two.
void forget_replaced(ClusterMemory& memory, const ClusterSnapshot& now) {
  Names same;
  for (const NodeObservation& observation : now.nodes) {
    const NodeSnapshot& node = observation.postgres;
    const auto before = memory.last_answer.find(node.name);
    const bool told = node.up() && node.state->system_identifier &&
                      before != memory.last_answer.end() &&
                      !before->second.system_identifier.empty();
    const bool replaced =
        told && before->second.system_identifier != *node.state->system_identifier;
    if (!replaced) same.insert(node.name);
  }
  if (same.size() < now.nodes.size()) keep_servers(memory, same);
}

/// Since when each thing has been there without a break: those that are there keep their time or
/// start now, the node's others are forgotten.
template <class Thing>
void note_present(std::map<std::pair<std::string, Thing>, SteadyTime>& since,
                  const std::string& node, const std::set<Thing>& present, SteadyTime now) {
  std::erase_if(since, [&](const auto& item) {
    return item.first.first == node && !present.contains(item.first.second);
  });
  for (const Thing& thing : present) since.try_emplace({node, thing}, now);
}

void note_slots(ClusterMemory& memory, const NodeSnapshot& node, SteadyTime now) {
  if (node.state->missing.slots) return;
  Names inactive;
  for (const ReplicationSlotRow& slot : node.state->slots) {
    if (!slot.active) inactive.insert(slot.slot_name);
  }
  note_present(memory.slot_inactive_since, node.name, inactive, now);
}

void note_waiters(ClusterMemory& memory, const NodeSnapshot& node, SteadyTime now) {
  const bool hidden = !node.state->has_pg_monitor;  // the server shows none, which is not "none"
  if (hidden || node.state->missing.sync_rep_waiters) return;
  const auto& waiters = node.state->sync_rep_waiters;
  note_present(memory.sync_rep_since, node.name, std::set(waiters.begin(), waiters.end()), now);
}

void note_replies(ClusterMemory& memory, const NodeSnapshot& node, SteadyTime now) {
  if (!node.state->has_pg_monitor || node.state->missing.wal_senders) return;
  std::set<WalsenderReply> newest;
  for (const StatReplicationRow& row : node.state->wal_senders) {
    if (row.reply_time_us) newest.insert({.pid = row.pid, .reply_time_us = *row.reply_time_us});
  }
  note_present(memory.reply_since, node.name, newest, now);
}

void note_archiver(ClusterMemory& memory, const NodeSnapshot& node, SteadyTime now) {
  const std::optional<bool> trouble = archive_in_trouble(*node.state);
  if (!trouble) return;
  if (*trouble) {
    memory.archive_trouble_since.try_emplace(node.name, now);
  } else {
    memory.archive_trouble_since.erase(node.name);
  }
}

void note_sync(ClusterMemory& memory, const NodeSnapshot& node) {
  memory.sync_seen |=
      std::ranges::any_of(node.state->wal_senders, &StatReplicationRow::is_synchronous);
}

void note_role(ClusterMemory& memory, const NodeSnapshot& node) {
  memory.last_role[node.name] = to_string(node.state->in_recovery ? Role::standby : Role::primary);
}

}  // namespace

ClusterMemory remember(ClusterMemory before, const ClusterSnapshot& observed) {
  ClusterMemory memory = std::move(before);
  const ClusterSnapshot now = with_recalled_histories(observed, memory);
  forget_strangers(memory, now);
  forget_replaced(memory, now);
  note_forks(memory, now);  // before it forgets where they stood
  feed_clocks(memory, now);
  note_primaries(memory, now);
  note_lag(memory, now);
  note_events(memory, now);
  note_failover(memory, now);
  note_disks(memory, now);
  note_used_slots(memory, now);
  for (const NodeObservation& observation : now.nodes) {
    const NodeSnapshot& node = observation.postgres;
    if (!node.up()) continue;  // what is remembered of a silent node stays as it is
    note_role(memory, node);
    note_slots(memory, node, now.taken.steady);
    note_waiters(memory, node, now.taken.steady);
    note_replies(memory, node, now.taken.steady);
    note_archiver(memory, node, now.taken.steady);
    note_archive_feed(memory, node, now.taken.steady);
    note_sync(memory, node);
    note_rewindable(memory, node);
  }
  note_other_clients(memory, now);
  note_unserved(memory, now);
  return memory;
}

}  // namespace pgrepl
