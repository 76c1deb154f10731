// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/failover.h"

#include <algorithm>
#include <chrono>

namespace pgrepl {
namespace {

/// Bounds further apart than this have no middle worth telling: nobody watched.
constexpr Seconds kWatched{30};

Seconds not_negative(Seconds length) { return std::max(Seconds{0}, length); }

PhaseTime timed(FailoverPhase phase, const Moment& fault, const Moment& reached) {
  PhaseTime time{.phase = phase,
                 .lower = not_negative(elapsed(fault.by, reached.after)),
                 .upper = not_negative(elapsed(fault.after, reached.by))};
  if (time.upper - time.lower <= kWatched) time.estimate = (time.lower + time.upper) / 2;
  return time;
}

/// When the loss was seen is known to the poll.
PhaseTime timed_detection(const Moment& fault) {
  PhaseTime time{.phase = FailoverPhase::fault_seen, .upper = elapsed(fault.after, fault.by)};
  if (time.upper <= kWatched) time.estimate = time.upper / 2;
  return time;
}

}  // namespace

const PhaseTime* LastFailover::reached(FailoverPhase phase) const {
  const auto found = std::ranges::find(phases, phase, &PhaseTime::phase);
  return found == phases.end() ? nullptr : &*found;
}

std::optional<LastFailover> last_failover(const ClusterMemory& memory, SteadyTime now) {
  if (!memory.failover) return std::nullopt;
  const Failover& seen = *memory.failover;
  LastFailover last{.at = seen.at,
                    .age = elapsed(seen.fault.by, now),
                    .old_primary = seen.old_primary,
                    .new_primary = seen.new_primary,
                    .kind = seen.kind,
                    .why = seen.why,
                    .phases = {timed_detection(seen.fault)}};
  const auto add = [&](FailoverPhase phase, const std::optional<Moment>& reached) {
    if (reached) last.phases.push_back(timed(phase, seen.fault, *reached));
  };
  add(FailoverPhase::promoted, seen.promoted);
  add(FailoverPhase::accepting_writes, seen.accepting_writes);
  add(FailoverPhase::standby_back, seen.standby_back);
  add(FailoverPhase::sync_again, seen.sync_again);
  return last;
}

}  // namespace pgrepl
