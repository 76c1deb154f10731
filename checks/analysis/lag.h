// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {

/// What is known about where WAL comes from, the same for all standbys of a poll.
struct Upstream {
  const LsnClock* clock = nullptr;  ///< null: nobody knows how far the primary is
  std::optional<Lsn> position;      ///< the only primary's own, in this poll
  bool fresh = false;  ///< this very poll has seen the primary, or a live receiver that hears it
};

/// Whether a node's receiver streams and has heard from its sender lately: some primary lives.
/// Pure.
bool hears_its_sender(const NodeSnapshot& node);

/// What feeds the standbys, by what the nodes say and what is remembered.  Pure.
Upstream find_upstream(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                       const std::vector<std::size_t>& primaries);

/// What is known of a standby beside its own answer.
struct Feed {
  const StatReplicationRow* walsender = nullptr;  ///< its row on the primary; null: none
  bool from_archive = false;                      ///< see is_fed_from_archive()
};

/// How far a node is behind.  Pure.
StandbyLag standby_lag(const NodeSnapshot& standby, const Feed& feed, const Upstream& upstream);

/// What would be lost if the primary died now and this node took over.  Absent unless the node
/// answers as a standby that shares the primary's history.  Pure.
std::optional<DataLoss> data_loss(const NodeSnapshot& standby, const Upstream& upstream);

}  // namespace pgrepl
