// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {

/// One walsender per application_name: streaming before anything else, then the newest reply.  The
/// indices point into `rows` and come in the order of the names.  Pure.
std::vector<std::size_t> distinct_walsenders(const std::vector<StatReplicationRow>& rows);

/// The walsender that serves `standby` on the node `primary`, by the first of these that gives one:
/// its application_name, the slot it uses, its address.  Pure.
std::optional<WalsenderMatch> match_walsender(const ClusterSnapshot& snapshot,
                                              const ClusterPolicy& policy, std::size_t primary,
                                              std::size_t standby);

}  // namespace pgrepl
