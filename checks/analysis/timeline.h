// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "checks/analysis/fork_points.h"
#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

struct NodeAnalysis;

/// How a node's history stands to the primary's.
enum class Descent {
  same,     ///< on the primary's timeline, with nothing beyond it
  behind,   ///< on an older one, with nothing that the primary's history lacks: it can follow
  forked,   ///< it has WAL that the primary's history lacks
  ahead,    ///< on a later timeline than the primary: it is the primary that lies behind the fork
  unknown,  ///< what was seen allows for several of these
};

/// What a node needs before it can follow the primary.
enum class RejoinWay {
  as_is,        ///< nothing but a connection
  rewind,       ///< pg_rewind
  base_backup,  ///< to be built anew: pg_rewind refuses it
  unknown,      ///< pg_rewind --dry-run tells
};

/// By RejoinWay.
inline constexpr std::array<std::string_view, 4> kRejoinWays{"as_is", "rewind", "base_backup",
                                                             "unknown"};

constexpr std::string_view to_string(RejoinWay way) {
  return kRejoinWays[static_cast<std::size_t>(way)];
}

/// What is concluded of a node's history beside that of the primary (of several primaries: the one
/// on the latest timeline).
struct TimelineAnalysis {
  Descent descent = Descent::unknown;
  std::size_t primary = 0;                ///< index of the node that it is compared with
  std::optional<std::uint32_t> timeline;  ///< of a silent node: the one that it was primary on
  std::optional<Lsn> position;            ///< of a silent node: the last that was seen there
  std::optional<ForkInterval> fork;       ///< where the two histories part, if that was seen
  std::optional<RejoinWay> rejoin;        ///< absent: it needs nothing, or nobody can tell that

  /// Bytes of WAL that it alone has, at the least and at the most; absent unless it is forked.
  std::optional<std::int64_t> own_at_least, own_at_most;

  bool operator==(const TimelineAnalysis&) const = default;
};

/// Remembers which nodes pg_rewind would work on.
void note_rewindable(ClusterMemory& memory, const NodeSnapshot& node);

/// Compares each node's history with the primary's, parallel to the snapshot's nodes.  Absent: the
/// primary itself; everybody where no primary, or none with the latest timeline, is there; a silent
/// node that was no primary when last heard.  `nodes` needs role, last_role, position and
/// following.  Pure.
std::vector<std::optional<TimelineAnalysis>> compare_timelines(
    const ClusterSnapshot& snapshot, const ClusterMemory& memory,
    const std::vector<NodeAnalysis>& nodes);

}  // namespace pgrepl
