// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "checks/base/time.h"

namespace pgrepl {

/// The room on a filesystem as it was once seen.
struct DiskPoint {
  SteadyTime at;
  std::int64_t available = 0;  ///< bytes that PostgreSQL could still write
  std::int64_t most = 0;       ///< the most that was available at any look since the point before

  bool operator==(const DiskPoint&) const = default;
};

/// How much room a filesystem had over the last six hours.  Bounded: looks that lie close together
/// share a point, and its `most` tells what they saw, so that a file which comes and goes leaves no
/// trace.  A value: copied, compared, stored.
class DiskHistory {
 public:
  static constexpr Seconds kWindow{6 * 3600};
  static constexpr Seconds kSpacing{360};
  static constexpr std::size_t kMaxPoints = 64;

  /// The least time that a forecast is made from.
  static constexpr Seconds kShortestWindow{1800};

  /// A forecast reaches at most so many times as far as the filesystem was watched filling up.
  static constexpr double kReach = 8;

  DiskHistory() = default;
  explicit DiskHistory(std::int64_t size) : size_(size) {}

  std::int64_t size() const { return size_; }  ///< bytes, of the filesystem that was looked at
  const std::vector<DiskPoint>& points() const { return points_; }  ///< ascending by time

  /// Takes a look that lies behind the others; an earlier one is ignored.
  void add(SteadyTime at, std::int64_t available);

  /// For how long it has been watched, up to the whole window.
  Seconds watched() const;

  /// When it will be full if it goes on filling up as it does.  Filling up is what goes on in both
  /// halves of a window, at the slower of their two rates: a copy that ends fills no disk.  The
  /// shortest window counts that reaches so far (kReach).  Absent if it does not fill up, or not in
  /// sight.
  std::optional<Seconds> full_in() const;

  /// Puts stored points back (ascending by time); others are dropped.
  static DiskHistory restored(std::int64_t size, std::vector<DiskPoint> points);

  bool operator==(const DiskHistory&) const = default;

 private:
  const DiskPoint& point_at(SteadyTime moment) const;
  double filling_rate(Seconds window) const;

  std::int64_t size_ = 0;
  std::vector<DiskPoint> points_;
};

}  // namespace pgrepl
