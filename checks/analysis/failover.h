// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/analysis/failover_memory.h"
#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// How far a failover has come; each is timed from the loss of the old primary.
enum class FailoverPhase {
  fault_seen,        ///< a poll no longer found the old primary
  promoted,          ///< the new one is out of recovery
  accepting_writes,  ///< and none of its commits is held up for want of a synchronous standby
  standby_back,      ///< a standby streams from it
  sync_again,        ///< commits wait for a standby again, if they had before
};

inline constexpr std::array kFailoverPhases{FailoverPhase::fault_seen, FailoverPhase::promoted,
                                            FailoverPhase::accepting_writes,
                                            FailoverPhase::standby_back, FailoverPhase::sync_again};

constexpr std::string_view to_string(FailoverPhase phase) {
  switch (phase) {
    case FailoverPhase::fault_seen:
      return "fault_seen";
    case FailoverPhase::promoted:
      return "promoted";
    case FailoverPhase::accepting_writes:
      return "accepting_writes";
    case FailoverPhase::standby_back:
      return "standby_back";
    case FailoverPhase::sync_again:
      return "sync_again";
  }
  return "fault_seen";
}

/// How long after the loss of the old primary a phase was reached.  Polls show both only within
/// bounds.
struct PhaseTime {
  FailoverPhase phase = FailoverPhase::fault_seen;
  Seconds lower{0}, upper{0};
  std::optional<Seconds> estimate;  ///< the middle; absent where the bounds lie too far apart

  bool operator==(const PhaseTime&) const = default;
};

/// The last change of the primary that was seen.
struct LastFailover {
  WallTime at;     ///< when the loss was seen
  Seconds age{0};  ///< since then
  std::string old_primary, new_primary;
  FailoverKind kind = FailoverKind::unknown;
  std::string why;
  std::vector<PhaseTime> phases;  ///< those that have been reached, in order

  /// Null: not reached.
  const PhaseTime* reached(FailoverPhase phase) const;

  bool operator==(const LastFailover&) const = default;
};

/// Follows the only primary, and after its loss the one that takes its place; writes the failover
/// into the journal once it accepts writes.  To be called before the roles are noted.
void note_failover(ClusterMemory& memory, const ClusterSnapshot& now);

/// The failover that is remembered.  Absent: none has been seen.  Pure.
std::optional<LastFailover> last_failover(const ClusterMemory& memory, SteadyTime now);

}  // namespace pgrepl
