// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "checks/base/time.h"

namespace pgrepl {

struct ClusterMemory;
struct ClusterSnapshot;
struct NodeObservation;

/// What is to be expected of the filesystem of a directory; stands parallel to
/// HostSnapshot::directories.
struct DiskForecast {
  Seconds watched{0};              ///< for how long its room has been watched
  std::optional<Seconds> full_in;  ///< see DiskHistory::full_in()

  bool operator==(const DiskForecast&) const = default;
};

/// Adds what this poll shows of every machine's room to its history.
void note_disks(ClusterMemory& memory, const ClusterSnapshot& now);

/// A forecast for each directory of a node's machine.  Empty of one that could not be read.  Pure.
std::vector<DiskForecast> forecast_disks(const NodeObservation& node, const ClusterMemory& memory);

}  // namespace pgrepl
