// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "checks/base/lsn.h"

namespace pgrepl {

struct NodeState;

/// The position from which a node needs WAL to go on: all that it has received or replayed. Absent:
/// it tells neither.  Pure.
std::optional<Lsn> needed_wal(const NodeState& node);

/// Whether the server has removed WAL that the node needs.  What was true stays so as long as the
/// node gets nothing, however old the look into the server's pg_wal is.  Absent: not known.  Pure.
std::optional<bool> needs_removed_wal(const NodeState& node, const NodeState& server);

}  // namespace pgrepl
