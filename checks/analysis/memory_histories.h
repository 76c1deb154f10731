// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/analysis/memory_fields.h"

namespace pgrepl {

/// Gathers the points of stored histories, a line each, until all have been read.
class StoredHistories {
 public:
  /// Takes a time from a line; absent if it lies in the future, and then the point is dropped.
  using TakeTime = std::function<std::optional<SteadyTime>(Fields&)>;

  void take_lag(Fields& fields, const TakeTime& take_time);
  void take_disk(Fields& fields, const TakeTime& take_time);

  void put_into(ClusterMemory& memory) &&;

 private:
  struct LagPoints {
    std::uint32_t timeline = 0;
    std::vector<LagPoint> points;
  };
  struct DiskPoints {
    std::int64_t size = 0;
    std::vector<DiskPoint> points;
  };
  std::map<std::string, LagPoints> lag_;
  std::map<std::pair<std::string, std::string>, DiskPoints> disk_;
};

}  // namespace pgrepl
