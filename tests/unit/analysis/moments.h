// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "checks/base/time.h"
#include "checks/model/node_snapshot.h"

// Times as a test wants to write them: seconds since its story began.
namespace pgrepl::test {

inline SteadyTime at(double seconds) { return after(SteadyTime{}, Seconds{seconds}); }

/// A reading that took 20 ms.
inline ReadingSpan reading_at(double seconds) { return {at(seconds), at(seconds + 0.02)}; }

/// The story begins at noon of some day; the machine had been up for less.
inline Instant instant(double seconds) {
  constexpr WallTime kNoon{std::chrono::hours{24 * 20000 + 12}};
  return {.steady = at(seconds),
          .wall = kNoon + std::chrono::duration_cast<std::chrono::microseconds>(Seconds{seconds})};
}

}  // namespace pgrepl::test
