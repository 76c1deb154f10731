// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "checks/base/time.h"

namespace pgrepl::plugin {

/// The moment by which something must be done, on the steady clock.
class Deadline {
 public:
  static Deadline in(Seconds length) { return Deadline{length, Clock::now() + to_ticks(length)}; }

  /// How long there was from the beginning.
  Seconds length() const { return length_; }

  /// What is left; never negative.
  Seconds left() const { return std::max(Seconds{0}, Seconds{moment_ - Clock::now()}); }

  bool has_passed() const { return Clock::now() >= moment_; }

  /// The present share of one of `parts` that must all have their turn before this deadline.
  Deadline share(std::size_t parts) const { return in(left() / static_cast<double>(parts)); }

  /// What is left as poll() takes it: whole milliseconds, rounded up.
  int poll_timeout() const {
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left()).count());
  }

 private:
  using Clock = std::chrono::steady_clock;

  Deadline(Seconds length, Clock::time_point moment) : length_(length), moment_(moment) {}
  static Clock::duration to_ticks(Seconds length) {
    return std::chrono::duration_cast<Clock::duration>(length);
  }

  Seconds length_;
  Clock::time_point moment_;
};

}  // namespace pgrepl::plugin
