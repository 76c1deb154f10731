// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "checks/analysis/failover_memory.h"
#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// What is known of how the old primary made room.
struct Handover {
  Departure departure = Departure::other;
  bool side_by_side = false;  ///< it still took writes when the other was promoted
  bool wal_lost = false;      ///< it had written more than the new primary ever had of it
};

/// A kind, and the words for what it is concluded from.
struct KindVerdict {
  FailoverKind kind = FailoverKind::unknown;
  std::string_view why;
};

/// Tells a planned switchover from a crash.  Pure.
KindVerdict kind_of(const Handover& handover);

/// How a primary went that this answer no longer shows as one.  Pure.
Departure departure_of(const NodeSnapshot& node);

}  // namespace pgrepl
