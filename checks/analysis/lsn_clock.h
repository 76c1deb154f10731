// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/base/lsn.h"
#include "checks/base/time.h"
#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// A position of the primary and when we know it was there.  `first_seen` is the end of the first
/// reading that gave it (the primary was at or beyond it by then); `last_seen` is the beginning of the
/// last reading that gave it (the primary was at or before it then).
struct LsnSample {
  Lsn lsn;
  SteadyTime first_seen;
  SteadyTime last_seen;

  bool operator==(const LsnSample&) const = default;
};

/// How long a standby has been missing something: an interval, because positions are only sampled.
struct LagBounds {
  bool caught_up = false;  ///< it has everything that was known before its own position was read
  std::optional<Seconds> estimate;  ///< 0 only while caught up; > 0 while bytes are missing
  std::optional<Seconds> lower;
  std::optional<Seconds> upper;  ///< absent: the position is older than everything we remember

  bool operator==(const LagBounds&) const = default;
};

/// Remembers when the primary was at which WAL position, and answers since when a standby at some
/// position has been missing something.  Belongs to one (system identifier, timeline).  Bounded: at
/// most kMaxSamples; thinning widens a bracket and never moves it.  A value: copied, compared, stored.
class LsnClock {
 public:
  static constexpr std::size_t kMaxSamples = 512;

  LsnClock() = default;
  LsnClock(std::string system_identifier, std::uint32_t timeline)
      : system_identifier_(std::move(system_identifier)), timeline_(timeline) {}

  const std::string& system_identifier() const { return system_identifier_; }
  std::uint32_t timeline() const { return timeline_; }

  /// Ascending by position; readings that came out of order are kept where they belong.
  const std::vector<LsnSample>& samples() const { return samples_; }

  /// Takes a reading of the primary's flushed position.  False, and everything before is forgotten, if
  /// the position lies behind what an earlier-ended reading showed: that is not the same history.
  bool observe(Lsn position, ReadingSpan read);

  /// The lag of a standby whose replay position was read in `read`.  All three are absent while
  /// nothing has been observed.
  LagBounds lag(Lsn replayed, ReadingSpan read) const;

  /// WAL written per second over the samples not older than `window`; absent below two readings or
  /// less than a second between them.  Unit: bytes/s, >= 0.
  std::optional<double> generation_rate(SteadyTime now, Seconds window) const;

  /// The clock of the timeline that branches off at `switch_point`: samples up to there carry over.
  LsnClock switched_to(std::uint32_t timeline, Lsn switch_point) const;

  /// Puts stored samples back (ascending, as samples() gave them); anything else leaves the clock empty.
  static LsnClock restored(std::string system_identifier, std::uint32_t timeline,
                           std::vector<LsnSample> samples);

  bool operator==(const LsnClock&) const = default;

 private:
  std::string system_identifier_;
  std::uint32_t timeline_ = 0;
  std::vector<LsnSample> samples_;
};

}  // namespace pgrepl
