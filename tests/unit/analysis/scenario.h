// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "checks/analysis/lsn_clock.h"
#include "tests/unit/analysis/wal_history.h"

namespace pgrepl::test {

/// What an exporter may live through: a pair, perhaps its promotion, and how much it may remember.
struct Scenario {
  static constexpr std::size_t kUnlimited = LsnClock::kMaxSamples;

  WalHistory before, after;  ///< of the old and, from the promotion on, of the new primary
  std::optional<Moment> promotion;
  std::int64_t branch = 0;  ///< the last position that both share
  int events = 0;           ///< in the exporter's life
  std::size_t cap = kUnlimited;
};

Scenario random_scenario(Dice& dice);

}  // namespace pgrepl::test
