// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag.h"

#include <algorithm>

namespace pgrepl {
namespace {

/// A receiver that heard from its sender this recently stands in for a primary that we cannot
/// reach. PostgreSQL's wal_receiver_status_interval is 10 s, so that a live pair talks at least
/// that often.
constexpr Seconds kReceiverHears{15};

bool hears_its_sender(const NodeSnapshot& node) {
  if (!node.up() || !node.state->wal_receiver) return false;
  const StatWalReceiverRow& receiver = *node.state->wal_receiver;
  return receiver.status == "streaming" && receiver.last_message_age &&
         *receiver.last_message_age < kReceiverHears;
}

/// The clock of the history that most clocks belong to: the one fed last.
const LsnClock* newest_clock(const std::vector<LsnClock>& clocks) {
  const LsnClock* newest = nullptr;
  for (const LsnClock& clock : clocks) {
    if (clock.samples().empty()) continue;
    if (newest == nullptr ||
        clock.samples().back().first_seen >= newest->samples().back().first_seen) {
      newest = &clock;
    }
  }
  return newest;
}

const LsnClock* clock_of(const std::vector<LsnClock>& clocks, const NodeState& primary) {
  const auto found = std::ranges::find_if(clocks, [&](const LsnClock& clock) {
    return clock.system_identifier() == primary.system_identifier &&
           clock.timeline() == primary.timeline.value_or(0);
  });
  return found == clocks.end() ? nullptr : &*found;
}

std::optional<std::int64_t> stage(std::optional<Lsn> from, std::optional<Lsn> to) {
  if (!from || !to) return std::nullopt;
  return std::max<std::int64_t>(0, wal_distance(*from, *to));
}

std::optional<Seconds> apply_delay(const NodeState& state) {
  if (!state.settings.value) return std::nullopt;
  const auto delay = state.settings.value->recovery_min_apply_delay;
  return delay && delay->count() > 0 ? delay : std::nullopt;
}

/// The clock's answer, where needed completed by the age of the last replayed transaction: whatever
/// is missing was written after that transaction was committed.
LagBounds bounds(const NodeState& standby, const Upstream& upstream) {
  LagBounds lag = upstream.clock->lag(*standby.replay_lsn, standby.position_read);
  if (!lag.upper && standby.last_xact_replay_age && lag.lower) {
    lag.upper = std::max(*lag.lower, *standby.last_xact_replay_age);
    lag.estimate = lag.upper;
  }
  if (!upstream.fresh && lag.caught_up) {
    // It has all that was ever seen, but nobody has looked since: no proof that nothing is missing.
    lag.caught_up = false;
    lag.estimate.reset();
  }
  return lag;
}

LagBounds without_delay(LagBounds lag, Seconds delay) {
  for (auto* bound : {&lag.estimate, &lag.lower, &lag.upper}) {
    if (*bound) **bound = std::max(Seconds{0}, **bound - delay);
  }
  return lag;
}

/// The first row that fits names the state; they stand in the order of what matters to a reader.
LagState lag_state(const NodeState& standby, const StatReplicationRow* walsender,
                   const Upstream& upstream, const LagBounds& time) {
  const bool hidden = standby.missing.wal_receiver.has_value() ||
                      (standby.wal_receiver && !standby.wal_receiver->status);
  if (hidden) return LagState::unknown;
  if (!standby.wal_receiver) return LagState::receiver_down;
  if (!upstream.fresh) return LagState::upstream_unknown;
  if (standby.replay_paused.value_or(false)) return LagState::paused;
  if (time.caught_up) return LagState::caught_up;
  if (apply_delay(standby)) return LagState::delayed;
  if (walsender != nullptr && walsender->state == "catchup") return LagState::catching_up;
  return LagState::streaming;
}

}  // namespace

Upstream find_upstream(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                       const std::vector<std::size_t>& primaries) {
  if (primaries.size() > 1) return {};  // two histories: no standby's lag means anything
  if (primaries.size() == 1) {
    const NodeState& primary = *snapshot.nodes[primaries.front()].postgres.state;
    return {.clock = clock_of(memory.clocks, primary),
            .position = primary.current_wal_flush_lsn,
            .fresh = true};
  }
  const bool heard = std::ranges::any_of(
      snapshot.nodes, [](const NodeObservation& node) { return hears_its_sender(node.postgres); });
  return {.clock = newest_clock(memory.clocks), .position = std::nullopt, .fresh = heard};
}

StandbyLag standby_lag(const NodeSnapshot& standby, const StatReplicationRow* walsender,
                       const Upstream& upstream) {
  StandbyLag lag;
  if (walsender != nullptr) {
    lag.not_sent = stage(walsender->sent_lsn, upstream.position);
    lag.not_written = stage(walsender->write_lsn, walsender->sent_lsn);
    lag.not_flushed = stage(walsender->flush_lsn, walsender->write_lsn);
  }
  if (!standby.up()) return lag;  // what its walsender knows of it is all there is
  const NodeState& state = *standby.state;
  if (!state.replay_lsn) return lag;
  lag.not_replayed = stage(state.replay_lsn, upstream.position);
  if (upstream.clock == nullptr) {
    lag.state = LagState::upstream_unknown;
    return lag;
  }
  lag.time = bounds(state, upstream);
  lag.state = lag_state(state, walsender, upstream, lag.time);
  if (const auto delay = apply_delay(state)) lag.time = without_delay(lag.time, *delay);
  return lag;
}

}  // namespace pgrepl
