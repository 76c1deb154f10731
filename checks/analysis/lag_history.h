// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checks/base/lsn.h"
#include "checks/base/time.h"

namespace pgrepl {

/// A standby's lag as it was once seen.
struct LagPoint {
  SteadyTime at;
  Lsn replayed;
  std::int64_t missing = 0;  ///< bytes that it had not replayed
  std::int64_t lowest = 0;   ///< the least that was missing at any look since the point before

  bool operator==(const LagPoint&) const = default;
};

/// How much WAL a standby had not replayed over the last quarter of an hour.  Bounded: looks that
/// lie close together share a point, and its `lowest` tells what they saw, so that a burst which is
/// replayed at once leaves no trace.  A value: copied, compared, stored.
class LagHistory {
 public:
  static constexpr Seconds kWindow{900};
  static constexpr Seconds kSpacing{15};
  static constexpr std::size_t kMaxPoints = 64;

  /// The least time for which growth is called growth.
  static constexpr Seconds kShortestGrowth{120};

  LagHistory() = default;
  explicit LagHistory(std::uint32_t timeline) : timeline_(timeline) {}

  std::uint32_t timeline() const { return timeline_; }  ///< of the primary that was measured by
  const std::vector<LagPoint>& points() const { return points_; }  ///< ascending by time

  /// Takes a look that lies behind the others; an earlier one is ignored.
  void add(SteadyTime at, Lsn replayed, std::int64_t missing);

  /// Bytes by which the lag grew per second over the last minute (negative: it shrank); absent
  /// before it was watched for a quarter of that.
  std::optional<double> growth() const;

  /// Bytes replayed per second over the same time.
  std::optional<double> replay_rate() const;

  /// For how long the lag has been growing: the longest time, up to the whole window, of whose
  /// quarters each had a higher low than the one before.  0 if that is not so for the last two
  /// minutes, or if these were not watched.
  Seconds growing_for() const;

  /// Puts stored points back (ascending by time); others are dropped.
  static LagHistory restored(std::uint32_t timeline, std::vector<LagPoint> points);

  bool operator==(const LagHistory&) const = default;

 private:
  const LagPoint* a_minute_ago() const;
  std::optional<std::int64_t> lowest_between(SteadyTime from, SteadyTime to) const;
  bool grows_over(Seconds window) const;

  std::uint32_t timeline_ = 0;
  std::vector<LagPoint> points_;
};

}  // namespace pgrepl
