// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "checks/model/node_probe.h"
#include "tests/support/cluster_builder.h"

namespace pgrepl::test {

/// A healthy pair, and what a doctor who may log in as `replicator` found on both nodes, asking on
/// the standby's machine.
struct ExaminedPair {
  ExaminedPair() {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string address = "10.0.0." + std::to_string(i + 1);
      probes.at(i) = {.host = "a" + std::to_string(i + 1) + ".example",
                      .addresses = std::vector{address},
                      .port_state = PortState::open,
                      .tried_address = address,
                      .is_here = i == 1,
                      .user = "pgrepl_monitor",
                      .replication_user = "replicator",
                      .replication = SystemIdentity{"7400000000000000001", 1}};
    }
  }

  /// The replication role is refused on a node.
  void refuse(std::size_t node, FailureClass reason, const std::string& message) {
    probes.at(node).replication = Failed{Failure{reason, message}};
  }
  /// A node's port does not answer as it should, and nothing gets further.
  void shut(std::size_t node, PortState state, const std::string& message = "") {
    probes.at(node).port_state = state;
    probes.at(node).port_message = message;
    probes.at(node).replication.reset();
    const bool refused = state == PortState::closed;
    pair.silence(node, refused ? FailureClass::refused : FailureClass::timeout);
  }

  /// The report of the pair's next poll, in which every finding counts.
  const ClusterReport& look() {
    pair.memory.holds.clear();
    report = pair.poll();
    return report;
  }

  ClusterBuilder pair;
  std::array<NodeProbe, 2> probes;
  ClusterReport report;
};

}  // namespace pgrepl::test
