// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "checks/model/postgres_rows.h"

namespace pgrepl {

/// A setting of which a standby needs at least as much as its primary has.
struct StandbyLimit {
  std::string_view name;
  std::optional<int> Settings::*value;

  /// False where one of the two is not known.
  bool is_below(const Settings& standby, const Settings& primary) const {
    const auto &own = standby.*value, &needed = primary.*value;
    return own && needed && *own < *needed;
  }
};

/// A standby stops replaying, before PostgreSQL 14 it shuts down, when one of these is smaller than
/// on its primary.
inline constexpr StandbyLimit kStandbyLimits[] = {
    {"max_connections", &Settings::max_connections},
    {"max_worker_processes", &Settings::max_worker_processes},
    {"max_wal_senders", &Settings::max_wal_senders},
    {"max_prepared_transactions", &Settings::max_prepared_transactions},
    {"max_locks_per_transaction", &Settings::max_locks_per_transaction},
};

}  // namespace pgrepl
