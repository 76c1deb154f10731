// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// Writes into the journal what has changed since the nodes answered last, and notes what they show
/// now.  A node's first answer changes nothing.  To be called before the roles are noted: it
/// compares with memory.last_role.
void note_events(ClusterMemory& memory, const ClusterSnapshot& now);

}  // namespace pgrepl
