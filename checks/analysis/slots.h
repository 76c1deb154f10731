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

}  // namespace pgrepl
