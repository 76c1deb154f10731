// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/model/host_snapshot.h"

namespace pgrepl {

/// What is known of the nodes' machines, for whoever puts a snapshot together.  Neither function
/// waits: the reading itself happens elsewhere.  Thread-safe.
class HostFacts {
 public:
  virtual ~HostFacts() = default;

  /// The newest facts of a node's machine; absent when none is configured or nothing is read yet.
  virtual std::optional<HostSnapshot> latest(const std::string& cluster,
                                             const std::string& node) = 0;

  /// Where the server says that its data lie, for directories that the configuration leaves out.
  virtual void learn(const std::string& cluster, const std::string& node,
                     const std::string& data_directory) = 0;
};

}  // namespace pgrepl
