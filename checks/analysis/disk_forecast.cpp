// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/disk_forecast.h"

#include <string>
#include <utility>

#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {
namespace {

using Key = std::pair<std::string, std::string>;

Key key_of(const NodeObservation& node, const DirectorySpace& directory) {
  return {node.postgres.name, std::string{to_string(directory.purpose)}};
}

std::int64_t whole_bytes(double bytes) { return static_cast<std::int64_t>(bytes); }

}  // namespace

void note_disks(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& node : now.nodes) {
    if (!node.host) continue;
    for (const DirectorySpace& directory : node.host->directories) {
      if (!directory.filesystem) continue;
      const std::int64_t size = whole_bytes(directory.filesystem->size);
      DiskHistory& history =
          memory.disk_history.try_emplace(key_of(node, directory), DiskHistory(size)).first->second;
      // Another size is another filesystem, or one that was made larger.
      if (history.size() != size) history = DiskHistory(size);
      history.add(now.taken.steady, whole_bytes(directory.filesystem->available));
    }
  }
}

std::vector<DiskForecast> forecast_disks(const NodeObservation& node, const ClusterMemory& memory) {
  std::vector<DiskForecast> all;
  if (!node.host) return all;
  for (const DirectorySpace& directory : node.host->directories) {
    const auto known = memory.disk_history.find(key_of(node, directory));
    DiskForecast& forecast = all.emplace_back();
    if (!directory.filesystem || known == memory.disk_history.end()) continue;
    forecast = {.watched = known->second.watched(), .full_in = known->second.full_in()};
  }
  return all;
}

}  // namespace pgrepl
