// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"
#include "checks/model/cluster_policy.h"

namespace pgrepl {

/// Writes begin and end of a maintenance into the journal.  To be called before other events are
/// noted, which are marked by it.  A new end or reason of one that goes on is no event.  Pure.
void note_maintenance(ClusterMemory& memory, const ClusterPolicy& policy, WallTime now);

}  // namespace pgrepl
