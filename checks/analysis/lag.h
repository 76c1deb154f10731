// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {

/// What is known about where WAL comes from, the same for all standbys of a poll.
struct Upstream {
  const LsnClock* clock = nullptr;  ///< null: nobody knows how far the primary is
  std::optional<Lsn> position;      ///< the only primary's own, in this poll
  bool fresh = false;               ///< this very poll has seen the primary's position
  bool heard = false;  ///< it has not, but a live receiver that hears some primary: no proof that
                       ///< nothing is missing, for the last word may be as old as kReceiverHears
  std::string former = {};  ///< the last primary, if none is in sight; empty: nobody knows
};

/// A receiver that heard from its sender this recently stands in for a primary that we cannot
/// reach.  On an idle primary the receiver asks for a sign of life after half of
/// wal_receiver_timeout, which is 60 s by default.
inline constexpr Seconds kReceiverHears{40};

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
  /// It streams from the primary, perhaps through others: PostgreSQL has compared their histories.
  bool from_primary = false;
};

/// How far a node is behind.  Pure.
StandbyLag standby_lag(const NodeSnapshot& standby, const Feed& feed, const Upstream& upstream);

/// What would be lost if the primary died now and this node took over.  Absent unless the node
/// answers as a standby that shares the primary's history.  Pure.
std::optional<DataLoss> data_loss(const NodeSnapshot& standby, const Feed& feed,
                                  const Upstream& upstream);

}  // namespace pgrepl
