// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

struct ClusterAnalysis;
struct ClusterMemory;

/// What keeps a node from coming back as a standby as it is, what costs most first.
enum class RejoinBlocker {
  needs_base_backup,  ///< pg_rewind refuses it (no wal_log_hints, no checksums, too different), or
                      ///< the server has removed WAL that it needs, and it has no archive
  needs_rewind,       ///< it has WAL of its own that must go first
  limits_too_low,     ///< a limit of it is below the server's, at which a standby does not replay
  no_walsender,       ///< the server has no free walsender for it
  no_slot,            ///< the server has no slot for it: WAL that it needs may be removed
  no_free_slot,       ///< nor room for one more under max_replication_slots
};

inline constexpr std::array kRejoinBlockers{
    RejoinBlocker::needs_base_backup, RejoinBlocker::needs_rewind, RejoinBlocker::limits_too_low,
    RejoinBlocker::no_walsender,      RejoinBlocker::no_slot,      RejoinBlocker::no_free_slot};

/// By RejoinBlocker.
constexpr std::string_view to_string(RejoinBlocker blocker) {
  constexpr std::array<std::string_view, 6> kNames{"needs_base_backup", "needs_rewind",
                                                   "limits_too_low",    "no_walsender",
                                                   "no_slot",           "no_free_slot"};
  return kNames[static_cast<std::size_t>(blocker)];
}

/// The way back into the cluster: of a node that is out, behind the primary that there is; while
/// none is out, of the primary itself, were it lost now and the best standby promoted.
struct WayBack {
  std::size_t node = 0;  ///< that comes back
  /// That it would follow: the primary, or the standby that keeps its slot for it.
  std::size_t server = 0;
  bool is_out = false;  ///< it is out already: it does not answer, or nothing reaches it
  /// False: whether it needs pg_rewind or a base backup is not known.
  bool is_settled = false;
  std::vector<RejoinBlocker> blockers = {};  ///< that are known of

  /// Whether it could come back as it is; absent: nothing is known against it, but not all is
  /// known.
  std::optional<bool> ready() const {
    if (!blockers.empty()) return false;
    return is_settled ? std::optional{true} : std::nullopt;
  }

  bool operator==(const WayBack&) const = default;
};

/// Concludes `all.ways_back`, and adds advice: one of each node that is out, or the primary's.
/// Empty while there is no one primary, or nobody who could take its place; without those whose
/// server's settings, slots or walsenders are not known, and without nodes that were never heard.
/// To be called when readiness is concluded.  Pure.
void conclude_ways_back(ClusterAnalysis& all, const ClusterSnapshot& now,
                        const ClusterMemory& memory);

}  // namespace pgrepl
