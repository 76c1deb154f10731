// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/base/time.h"

namespace pgrepl {

/// Announced work on a cluster: until then its findings wake nobody, except those that tell of data
/// being destroyed.
struct Maintenance {
  WallTime until;
  std::string reason;  ///< one line of unknown origin; empty: none was given

  bool lasts_at(WallTime now) const { return now < until; }
  bool operator==(const Maintenance&) const = default;
};

/// A maintenance that goes on, as the journal knows it.
struct NotedMaintenance {
  WallTime began;  ///< the poll that first met it
  WallTime until;

  bool operator==(const NotedMaintenance&) const = default;
};

/// What counts of a configured and of an announced maintenance: the later end, with the reason that
/// was given.  Absent: neither lasts at `now`.  Pure.
inline std::optional<Maintenance> in_force(const std::optional<Maintenance>& configured,
                                           const std::optional<Maintenance>& announced,
                                           WallTime now) {
  const bool is_configured = configured && configured->lasts_at(now);
  const bool is_announced = announced && announced->lasts_at(now);
  if (!is_announced) return is_configured ? configured : std::nullopt;
  Maintenance both = *announced;
  if (is_configured && configured->until > both.until) both.until = configured->until;
  return both;
}

}  // namespace pgrepl
