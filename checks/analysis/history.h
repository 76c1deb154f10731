// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checks/analysis/lsn_clock.h"
#include "checks/analysis/memory.h"
#include "checks/model/cluster_snapshot.h"

// Which history a server's WAL positions belong to, also where it does not tell all of that: the
// functions that show system identifier and timeline may be forbidden, or fail once.
namespace pgrepl {

/// A sequence of WAL: the same position means another place on another one.
struct History {
  std::string system_identifier;  ///< or the name of a run, see written_history()
  std::uint32_t timeline = 0;     ///< 0: not told

  bool operator==(const History&) const = default;
};

/// Whether two servers are copies of one cluster.  Absent: one of them does not tell its system.
/// Pure.
std::optional<bool> same_system(const NodeState& a, const NodeState& b);

/// When the server was started, in microseconds since 1970 by its own clock.  Pure.
std::optional<std::int64_t> started_us(const NodeState& state);

/// The snapshot, completed by what the same runs of the servers have told before: a server keeps
/// its system as long as it runs, and a primary its timeline.  What never was told, or only before
/// a restart, stays absent.  Pure.
ClusterSnapshot with_recalled_histories(ClusterSnapshot now, const ClusterMemory& memory);

/// The history that a primary writes.  One that does not tell its system or timeline is named after
/// its run ("a1 since 1763844898123456"), in which it writes a single one.  Absent: not even the
/// run is known.  Pure.
std::optional<History> written_history(const NodeSnapshot& primary);

/// The name of a server's run, as above.  Pure.
std::optional<std::string> run_of(const NodeSnapshot& node);

/// Whether a clock is of a history that was named after a run: nothing can be compared with that
/// but by who streams from whom.  Pure.
bool is_of_a_run(const LsnClock& clock);

}  // namespace pgrepl
