// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "checks/analysis/lsn_clock.h"

namespace pgrepl {

/// What would be lost if the primary died now and a certain standby took over: the WAL that the
/// primary has flushed and the standby has not on its disk.  Whether it is replayed already does
/// not matter, for a standby replays all that it has before it is promoted.
struct DataLoss {
  /// Unit: bytes, >= 0.  0 only if the standby has all that the primary had when it was looked at;
  /// of a standby that has received nothing since its restart the most that it may be.  Absent
  /// while the primary does not answer.
  std::optional<std::int64_t> bytes;
  LagBounds time;  ///< since when the oldest of it has been written

  bool operator==(const DataLoss&) const = default;
};

}  // namespace pgrepl
