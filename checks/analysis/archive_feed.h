// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"
#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// Remembers how far a standby without a receiver has come: whether WAL reaches it another way.
/// `node` must be up.
void note_archive_feed(ClusterMemory& memory, const NodeSnapshot& node, SteadyTime now);

/// Whether a standby without a receiver lives on its restore_command: it has no upstream to stream
/// from, or has moved on without one lately.  False where the settings are not known.  Pure.
bool is_fed_from_archive(const NodeSnapshot& node, const ClusterMemory& memory, SteadyTime now);

}  // namespace pgrepl
