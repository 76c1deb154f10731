// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag.h"

#include <algorithm>

namespace pgrepl {
namespace {

/// A receiver that heard from its sender this recently stands in for a primary that we cannot
/// reach. On an idle primary the receiver asks for a sign of life after half of
/// wal_receiver_timeout, which is 60 s by default.
constexpr Seconds kReceiverHears{40};

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

/// The most that the lag can be at the end of the reading: whatever is missing was written after
/// the last replayed transaction was committed, and its age is of some moment of the reading.
/// Absent where it is less than is proved to be missing: two servers' calendars take part in that
/// age, and here they disagree.
std::optional<Seconds> at_most_by_commit(const NodeState& standby, Seconds proved) {
  const auto& age = standby.last_xact_replay_age;
  if (!age || *age < proved) return std::nullopt;
  return *age + elapsed(standby.position_read.began, standby.position_read.ended);
}

/// The clock's answer for a position that the standby has replayed or at least received, where
/// needed completed by the age of the last replayed transaction.
LagBounds bounds(const NodeState& standby, Lsn position, const Upstream& upstream) {
  LagBounds lag = upstream.clock->lag(position, standby.position_read);
  if (lag.caught_up && upstream.fresh) return lag;
  if (!lag.upper && lag.lower) {
    lag.upper = at_most_by_commit(standby, *lag.lower);
    lag.estimate = lag.upper;
  }
  if (lag.caught_up) {
    // It has all that was ever seen, but nobody has looked since: no proof that nothing is missing.
    lag.caught_up = false;
    lag.estimate.reset();
  }
  return lag;
}

/// Whether the clock tells the time of the history that the standby replays.  A standby on a later
/// timeline than the primary's has branched off; one on an earlier may still follow.
bool shares_history(const NodeState& standby, const LsnClock& clock) {
  return standby.system_identifier == clock.system_identifier() &&
         standby.timeline.value_or(0) <= clock.timeline();
}

/// A promotion writes WAL, so a follower is never level with the new timeline while it is on the
/// old one: then its position lies on a branch of its own.
bool is_on_a_branch(const NodeState& standby, const LagBounds& time, const LsnClock& clock) {
  return time.caught_up && standby.timeline.value_or(0) < clock.timeline();
}

/// The first row that fits names the state; they stand in the order of what matters to a reader.
LagState lag_state(const NodeState& standby, const Feed& feed, const Upstream& upstream,
                   const LagBounds& time) {
  const bool hidden = standby.missing.wal_receiver.has_value() ||
                      (standby.wal_receiver && !standby.wal_receiver->status);
  if (hidden) return LagState::unknown;
  if (!standby.wal_receiver) {
    return feed.from_archive ? LagState::archive_only : LagState::receiver_down;
  }
  if (!upstream.fresh) return LagState::upstream_unknown;
  if (standby.replay_paused.value_or(false)) return LagState::paused;
  if (time.caught_up) return LagState::caught_up;
  if (standby.replay_conflict.value_or(false)) return LagState::blocked_by_query;
  if (apply_delay(standby)) return LagState::delayed;
  if (feed.walsender != nullptr && feed.walsender->state == "catchup") return LagState::catching_up;
  return LagState::streaming;
}

}  // namespace

bool hears_its_sender(const NodeSnapshot& node) {
  if (!node.up() || !node.state->wal_receiver) return false;
  const StatWalReceiverRow& receiver = *node.state->wal_receiver;
  return receiver.status == "streaming" && receiver.last_message_age &&
         *receiver.last_message_age < kReceiverHears;
}

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
  const LsnClock* fed_last = memory.clocks.empty() ? nullptr : &memory.clocks.back();
  return {.clock = fed_last, .position = std::nullopt, .fresh = heard};
}

StandbyLag standby_lag(const NodeSnapshot& standby, const Feed& feed, const Upstream& upstream) {
  StandbyLag lag;
  if (const StatReplicationRow* walsender = feed.walsender) {
    lag.not_sent = stage(walsender->sent_lsn, upstream.position);
    lag.not_written = stage(walsender->write_lsn, walsender->sent_lsn);
    lag.not_flushed = stage(walsender->flush_lsn, walsender->write_lsn);
  }
  if (!standby.up()) return lag;  // what its walsender knows of it is all there is
  const NodeState& state = *standby.state;
  if (!state.replay_lsn) return lag;
  lag.apply_delay = apply_delay(state);
  if (upstream.clock == nullptr || !shares_history(state, *upstream.clock)) {
    lag.state = LagState::upstream_unknown;
    return lag;
  }
  lag.time = bounds(state, *state.replay_lsn, upstream);
  if (is_on_a_branch(state, lag.time, *upstream.clock)) {
    lag.time = {};
    lag.state = LagState::upstream_unknown;
    return lag;
  }
  lag.not_replayed = stage(state.replay_lsn, upstream.position);
  lag.received_not_replayed = stage(state.replay_lsn, state.receive_lsn);
  lag.state = lag_state(state, feed, upstream, lag.time);
  lag.bottleneck = bottleneck_of(lag);
  return lag;
}

std::optional<DataLoss> data_loss(const NodeSnapshot& standby, const Upstream& upstream) {
  if (!standby.up() || !standby.state->in_recovery || !standby.state->replay_lsn) return {};
  const NodeState& state = *standby.state;
  if (upstream.clock == nullptr || !shares_history(state, *upstream.clock)) return {};
  // After its restart the received position falls behind the replayed one.
  const Lsn has = std::max(*state.replay_lsn, state.receive_lsn.value_or(Lsn{}));
  DataLoss loss{.bytes = stage(has, upstream.position), .time = bounds(state, has, upstream)};
  if (is_on_a_branch(state, loss.time, *upstream.clock)) return {};
  return loss;
}

}  // namespace pgrepl
