// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace pgrepl::test {

/// How many failures a program gets to fill its caches and the allocator's arenas, and over how
/// many more its resident memory must stay flat.
inline constexpr int kWarmingFailures = 1500;
inline constexpr int kFlatFailures = 1500;

/// By how many bytes it may grow over these all the same.  Measured were 1 to 2 MiB, of heaps that
/// still fill, and 17 kB more for each connection that is never freed: 25 MiB, or 6 when it is one
/// in four.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// The sanitizers keep what is freed for a while, and a history of every thread; what leaks the
// address sanitizer reports when the program ends.
inline constexpr std::int64_t kMayGrow = std::numeric_limits<std::int64_t>::max();
#else
inline constexpr std::int64_t kMayGrow = 4 << 20;
#endif

}  // namespace pgrepl::test
