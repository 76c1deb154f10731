// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/walsender_kind.h"

#include <algorithm>
#include <string>

#include "checks/model/node_snapshot.h"

namespace pgrepl {
namespace {

constexpr std::array<std::string_view, 2> kCollectors{"pg_receivewal", "barman_receive_wal"};

/// Whether a copy of the data directory goes to the same place under the same name: its
/// application_name may be that of the standby that is being made.
bool stands_beside_a_backup(const NodeState& node, const StatReplicationRow& row) {
  return std::ranges::any_of(node.wal_senders, [&](const StatReplicationRow& other) {
    return other.state == "backup" && other.application_name == row.application_name &&
           other.client_addr == row.client_addr;
  });
}

bool uses_a_logical_slot(const NodeState& node, const StatReplicationRow& row) {
  return std::ranges::any_of(node.slots, [&](const ReplicationSlotRow& slot) {
    return slot.slot_type == "logical" && slot.active_pid == row.pid;
  });
}

WalsenderKind kind_of(const NodeState& node, const StatReplicationRow& row) {
  if (row.state == "backup" || row.application_name == "pg_basebackup") {
    return WalsenderKind::base_backup;
  }
  if (uses_a_logical_slot(node, row)) return WalsenderKind::consumer;
  const bool replays = row.replay_lsn.has_value();
  if (!replays && stands_beside_a_backup(node, row)) return WalsenderKind::base_backup;
  const bool replies = row.write_lsn.has_value();
  const bool is_collector =
      std::ranges::find(kCollectors, row.application_name) != kCollectors.end();
  return !replays && (replies || is_collector) ? WalsenderKind::wal_archive
                                               : WalsenderKind::standby;
}

}  // namespace

std::vector<WalsenderKind> walsender_kinds(const NodeState& node) {
  std::vector<WalsenderKind> kinds;
  for (const StatReplicationRow& row : node.wal_senders) kinds.push_back(kind_of(node, row));
  return kinds;
}

}  // namespace pgrepl
