// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/analysis/advice.h"
#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {

/// What to do about that which stands in a node's way back, where no check tells it.  Pure.
std::vector<Advice> advice_on(const WayBack& way, const ClusterAnalysis& all,
                              const ClusterSnapshot& now, const ClusterMemory& memory);

}  // namespace pgrepl
