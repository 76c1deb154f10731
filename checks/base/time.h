// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace pgrepl {

/// A length of time, in seconds with fractions.
using Seconds = std::chrono::duration<double>;

/// A moment on this machine's steady clock: for differences only, it never jumps.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

/// A moment on the calendar: for people and for what is stored.  It may jump.
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// A calendar time as metrics and JSON have it, in seconds since 1970.  Pure.
constexpr double since_1970(WallTime moment) {
  return std::chrono::duration_cast<Seconds>(moment.time_since_epoch()).count();
}

/// One moment on both clocks.  Pure code receives it and never reads a clock of its own.
struct Instant {
  SteadyTime steady;
  WallTime wall;
};

/// The time from `earlier` to `later`; negative if they stand the other way round.  Pure.
constexpr Seconds elapsed(SteadyTime earlier, SteadyTime later) {
  return std::chrono::duration_cast<Seconds>(later - earlier);
}

/// `moment` plus a length of time, rounded to the microsecond.  Pure.
constexpr SteadyTime after(SteadyTime moment, Seconds length) {
  return moment + std::chrono::duration_cast<std::chrono::microseconds>(length);
}

}  // namespace pgrepl
