// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace pgrepl {

struct ClusterAnalysis;
struct ClusterMemory;
struct ClusterSnapshot;

/// Why commits on a primary wait for a synchronous standby.
enum class StallCause {
  standby_gone,  ///< a standby that is demanded has no walsender
  standby_hung,  ///< one counts as streaming, but does not reply any more
  wrong_name,    ///< a name is demanded that no standby has
  too_few,       ///< more standbys are demanded than there are
  catching_up,   ///< the standby that is demanded still reads old WAL
  replay_held,   ///< commits wait until they are replayed, and replay is held up
  slow,          ///< the standbys stream and reply, but have not confirmed yet
  unexplained,   ///< nothing of what is seen explains it
};

struct CommitStall {
  StallCause cause = StallCause::unexplained;
  /// Whom commits wait for: the node, or the name if no node has it.  Empty: not known.
  std::string standby;
  /// Index into the primary's wal_senders of the one that holds commits up, or that streams under
  /// another name than the one demanded.
  std::optional<std::size_t> row;

  bool operator==(const CommitStall&) const = default;
};

/// Concludes, for every node that answered, since when commits wait and why, and how long each
/// walsender has had no reply.  To be called when conclude_sync() has been.  Pure.
void conclude_commit_waits(ClusterAnalysis& all, const ClusterSnapshot& now,
                           const ClusterMemory& memory);

}  // namespace pgrepl
