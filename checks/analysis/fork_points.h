// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// Where two histories part.  The history files, which name the place, are not for a monitoring
/// role to read; a promoted server tells it until it starts anew, and what was seen before and
/// after the promotion gives two bounds.
struct ForkInterval {
  Lsn at_least;
  Lsn at_most;

  bool operator==(const ForkInterval&) const = default;
};

/// Remembers where the primaries of this poll left the timelines before theirs.
void note_forks(ClusterMemory& memory, const ClusterSnapshot& now);

/// Where the histories of `older` and of the primary `node`'s `timeline` part: everything before is
/// the same on both.  Absent: a promotion in between was not seen.  Pure.
std::optional<ForkInterval> fork_between(const ClusterMemory& memory,
                                         const std::string& system_identifier, std::uint32_t older,
                                         std::uint32_t timeline, const std::string& node);

/// The promotion that made `node`'s present timeline, if it was seen; else null.  Pure.
const ForkPoint* promotion_of(const ClusterMemory& memory, const std::string& system_identifier,
                              std::uint32_t timeline, const std::string& node);

/// Where a primary left the timeline before its present one, if its promotion was seen.  Pure.
std::optional<ForkInterval> last_fork(const ClusterMemory& memory, const NodeSnapshot& primary);

}  // namespace pgrepl
