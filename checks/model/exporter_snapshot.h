// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/model/failure.h"

namespace pgrepl {

/// The exporter's own view of one node's polls since it started.
struct NodePollStats {
  std::string cluster;
  std::string node;
  std::uint64_t polls = 0;
  std::uint64_t connects = 0;                                  ///< sessions opened
  std::array<std::uint64_t, kFailureClasses.size()> errors{};  ///< by FailureClass
};

/// What the process knows of itself.
struct ExporterSnapshot {
  std::string version, revision, compiler;
  bool config_last_reload_successful = true;
  double config_last_reload_success_timestamp = 0;  ///< seconds since 1970
  std::uint64_t store_errors = 0;                   ///< the memory could not be read or written
  std::vector<NodePollStats> polls;

  // From /proc/self; absent where it cannot be read.
  std::optional<double> cpu_seconds, resident_bytes, virtual_bytes, open_fds, max_fds,
      start_timestamp;
};

}  // namespace pgrepl
