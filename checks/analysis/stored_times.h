// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "checks/base/time.h"

namespace pgrepl {

/// Brings stored calendar times into the present of the steady clock, over a gap of which the two
/// clocks know only a bracket (see decode_memory()).  Absent: the time lies in the future.
class StoredTimes {
 public:
  StoredTimes(Instant written, Instant now) : written_(written.wall), now_(now.steady) {
    constexpr std::chrono::microseconds kNone{0};
    const auto by_calendar = now.wall - written.wall;
    const auto by_steady = now.steady - written.steady;
    calendar_was_set_back_ = by_calendar < kNone;
    shorter_ = std::max(kNone, std::min(by_calendar, by_steady));
    longer_ = std::max(by_calendar, by_steady);
  }

  /// As if as little time as possible had passed since.
  std::optional<SteadyTime> at_latest(WallTime stored) const { return back(stored, shorter_); }

  /// As if as much time as possible had passed since.
  std::optional<SteadyTime> at_earliest(WallTime stored) const { return back(stored, longer_); }

 private:
  std::optional<SteadyTime> back(WallTime stored, std::chrono::microseconds gap) const {
    if (calendar_was_set_back_ || stored > written_) return std::nullopt;
    return now_ - gap - (written_ - stored);
  }

  WallTime written_;
  SteadyTime now_;
  bool calendar_was_set_back_ = false;
  std::chrono::microseconds shorter_{0}, longer_{0};
};

}  // namespace pgrepl
