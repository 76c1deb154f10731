// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/base/time.h"

namespace pgrepl {

/// This machine's steady clock.  Thread-safe.
inline SteadyTime steady_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

/// Both clocks at (nearly) one moment.  Thread-safe.
inline Instant read_clocks() {
  return {.steady = steady_now(),
          .wall = std::chrono::time_point_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now())};
}

}  // namespace pgrepl
