// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/memory_histories.h"

#include <utility>

namespace pgrepl {

void StoredHistories::take_lag(Fields& fields, const TakeTime& take_time) {
  const std::string node = fields.text();
  LagPoints& of_node = lag_[node];
  of_node.timeline = fields.number<std::uint32_t>();
  const std::optional<SteadyTime> at = take_time(fields);
  LagPoint point{.at = at.value_or(SteadyTime{}), .replayed = fields.lsn()};
  point.missing = fields.number<std::int64_t>();
  point.lowest = fields.number<std::int64_t>();
  if (at) of_node.points.push_back(point);
}

void StoredHistories::take_disk(Fields& fields, const TakeTime& take_time) {
  std::string node = fields.text();
  std::string directory = fields.text();
  DiskPoints& of_disk = disk_[{std::move(node), std::move(directory)}];
  of_disk.size = fields.number<std::int64_t>();
  const std::optional<SteadyTime> at = take_time(fields);
  DiskPoint point{.at = at.value_or(SteadyTime{})};
  point.available = fields.number<std::int64_t>();
  point.most = fields.number<std::int64_t>();
  if (at) of_disk.points.push_back(point);
}

void StoredHistories::put_into(ClusterMemory& memory) && {
  for (auto& [node, lag] : lag_) {
    memory.lag_history.emplace(node, LagHistory::restored(lag.timeline, std::move(lag.points)));
  }
  for (auto& [key, disk] : disk_) {
    memory.disk_history.emplace(key, DiskHistory::restored(disk.size, std::move(disk.points)));
  }
}

}  // namespace pgrepl
