// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {

/// What each slot of a node holds back and since when it is unused; parallel to its slots, empty if
/// the node did not answer.  `position` is the node's own.  Pure.
std::vector<SlotAnalysis> analyze_slots(const NodeSnapshot& node, std::optional<Lsn> position,
                                        const ClusterMemory& memory, SteadyTime now);

/// Adds whose each slot is, and what becomes of those on the only primary; `clock` is the
/// primary's, null if there is none.  The standbys' lag must have been concluded.  Pure.
void conclude_slots(ClusterAnalysis& all, const ClusterSnapshot& now, const ClusterMemory& memory,
                    const LsnClock* clock);

}  // namespace pgrepl
