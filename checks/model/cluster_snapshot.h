// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/base/time.h"
#include "checks/model/host_snapshot.h"
#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// A node and its machine.  No host: none is configured.
struct NodeObservation {
  NodeSnapshot postgres;
  std::optional<HostSnapshot> host;

  bool operator==(const NodeObservation&) const = default;
};

/// All nodes of a cluster in one poll, in the order of the configuration.
struct ClusterSnapshot {
  std::string cluster;
  Instant taken;  ///< end of the poll
  std::vector<NodeObservation> nodes;
};

}  // namespace pgrepl
