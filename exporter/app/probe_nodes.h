// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/model/node_probe.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// Reaches for every node of a cluster step by step, all nodes at the same time: name, port and,
/// where the cluster has a role for it, a login as a standby.  Takes a few time-outs at most.
std::vector<NodeProbe> probe_nodes(const ExporterConfig& exporter, const ClusterConfig& cluster);

}  // namespace pgrepl
