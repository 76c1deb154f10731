// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tests/cluster/faults/statuses.h"

namespace pgrepl::test {

/// What checks have found and not said yet, for it is younger than their hold time: as
/// `check_pgrepl -vv` tells it, for the metrics show the verdicts alone.  The cause is "too young".
std::vector<Status> young_findings(const ExporterProcess& exporter, const MetricsPage& page);

}  // namespace pgrepl::test
