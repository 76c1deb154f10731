// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/removed_wal.h"

#include <algorithm>

#include "checks/model/node_snapshot.h"

namespace pgrepl {

std::optional<Lsn> needed_wal(const NodeState& node) {
  if (!node.receive_lsn) return node.replay_lsn;
  return std::max(*node.receive_lsn, node.replay_lsn.value_or(*node.receive_lsn));
}

std::optional<bool> needs_removed_wal(const NodeState& node, const NodeState& server) {
  const std::optional<Lsn> needed = needed_wal(node);
  const auto& directory = server.wal_directory.value;
  if (!needed || !directory || !directory->oldest_lsn) return std::nullopt;
  return *needed < *directory->oldest_lsn;
}

}  // namespace pgrepl
