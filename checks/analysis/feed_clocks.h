// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// Feeds the LSN clocks from one poll, and notes where each standby's replay stands.
///
/// Each primary feeds the clock of its own (system identifier, timeline).  Two that share both are
/// two histories under one name: nobody can tell which sample belongs to which, so that clock is
/// dropped until one of them is left.
///
/// While no primary answers, the standbys' receivers feed the clocks with latest_end_lsn, the
/// sender's position by its last message.  All that this proves is that the primary had got there
/// by the end of the poll: the age beside it compares the clocks of two machines, and says nothing
/// about how far the primary was beyond.
void feed_clocks(ClusterMemory& memory, const ClusterSnapshot& now);

}  // namespace pgrepl
