// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// Remembers which walsenders are certainly not a standby's: those that went on while it replied
/// over another one, for a standby has one receiver at most.  To be called once the replies of this
/// poll are remembered.
void note_other_clients(ClusterMemory& memory, const ClusterSnapshot& now);

/// Whether the walsender of that pid on `server` is certainly not the standby's.  Pure.
bool is_known_as_anothers(const ClusterMemory& memory, const std::string& server,
                          const std::string& standby, int pid);

/// Whether a server that answers has a walsender that may serve the standby, also under another
/// name and from another address.  Pure.
bool may_be_served(const ClusterSnapshot& now, const ClusterMemory& memory, std::size_t standby);

}  // namespace pgrepl
