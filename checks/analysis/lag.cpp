// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag.h"

#include <algorithm>

#include "checks/analysis/history.h"

namespace pgrepl {
namespace {

/// A message from the future of its receiver's clock: that was set back meanwhile, and no age of it
/// means anything.  Smaller steps are those of a clock that is kept in time.
constexpr Seconds kClockStep{1};

const LsnClock* clock_of(const std::vector<LsnClock>& clocks, const NodeSnapshot& primary) {
  const auto history = written_history(primary);
  if (!history) return nullptr;
  const auto found = std::ranges::find_if(clocks, [&](const LsnClock& clock) {
    return clock.system_identifier() == history->system_identifier &&
           clock.timeline() == history->timeline;
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

/// Whatever is missing was written after the last replayed transaction was committed.  No bound:
/// the commit's time is of the calendar that some primary had then, its age of the standby's, and
/// nothing that can be seen today proves how far the two were apart.  Absent where they are seen to
/// disagree, for more is proved to be missing.
std::optional<Seconds> about_since_commit(const NodeState& standby, Seconds proved) {
  const auto& age = standby.last_xact_replay_age;
  return age && *age > proved ? age : std::nullopt;
}

/// One without a receiver takes its timeline from its control file, which may be behind.
bool is_on_earlier_timeline(const NodeState& standby, const LsnClock& clock) {
  return standby.timeline.value_or(0) < clock.timeline();
}

/// What is proved of a position that the standby has replayed or at least received, and where only
/// a lower bound is, an estimate by the age of the last replayed transaction.
LagBounds bounds(const NodeState& standby, Lsn position, const Upstream& upstream) {
  LagBounds lag = upstream.clock->lag(position, standby.position_read);
  // One on an earlier timeline may have left the clock's history at a position before its own.
  if (is_on_earlier_timeline(standby, *upstream.clock)) lag.upper.reset();
  if (lag.caught_up && upstream.fresh) return lag;
  if (lag.caught_up) {
    // It has all that was ever seen or heard, but more may have been written since.
    lag.caught_up = upstream.heard;
    lag.estimate.reset();
  } else if (lag.lower && !lag.upper) {
    lag.estimate = about_since_commit(standby, *lag.lower);
  }
  return lag;
}

/// Whether the clock tells the time of a history that the standby replays.  A standby on a later
/// timeline than the primary's has branched off; one on an earlier may still follow.  Who was the
/// last primary itself and hears no other one is measured by its own past, which proves nothing.
/// Where the two cannot be compared, PostgreSQL has done so before it streamed.
bool can_be_measured(const NodeSnapshot& standby, const Feed& feed, const Upstream& upstream) {
  if (upstream.clock == nullptr) return false;
  if (standby.name == upstream.former && !hears_its_sender(standby)) return false;
  const auto& system = standby.state->system_identifier;
  if (!system || is_of_a_run(*upstream.clock)) return feed.from_primary;
  return *system == upstream.clock->system_identifier() &&
         standby.state->timeline.value_or(0) <= upstream.clock->timeline();
}

/// The clock to measure by while no primary is in sight: of the system that was fed last the newest
/// history.  A rival from an older one may have fed its own after it.
const LsnClock* newest_clock(const std::vector<LsnClock>& clocks) {
  const LsnClock* newest = clocks.empty() ? nullptr : &clocks.back();
  for (const LsnClock& clock : clocks) {
    const bool same_system = clock.system_identifier() == newest->system_identifier();
    if (same_system && clock.timeline() > newest->timeline()) newest = &clock;
  }
  return newest;
}

/// A promotion writes WAL, so a follower is never level with the new timeline while it is on the
/// old one: then its position lies on a branch of its own.
bool is_on_a_branch(const NodeState& standby, const LagBounds& time, const LsnClock& clock) {
  return time.caught_up && is_on_earlier_timeline(standby, clock);
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
  if (!upstream.fresh && !upstream.heard) return LagState::upstream_unknown;
  if (standby.replay_paused.value_or(false)) return LagState::paused;
  if (time.caught_up && upstream.fresh) return LagState::caught_up;
  if (standby.missing.replay) return LagState::unknown;  // it may be paused
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
         *receiver.last_message_age > -kClockStep && *receiver.last_message_age < kReceiverHears;
}

Upstream find_upstream(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                       const std::vector<std::size_t>& primaries) {
  if (primaries.size() > 1) return {};  // two histories: no standby's lag means anything
  if (primaries.size() == 1) {
    const NodeSnapshot& primary = snapshot.nodes[primaries.front()].postgres;
    const std::optional<Lsn>& position = primary.state->current_wal_flush_lsn;
    return {.clock = clock_of(memory.clocks, primary),
            .position = position,
            .fresh = position.has_value()};
  }
  const bool heard = std::ranges::any_of(
      snapshot.nodes, [](const NodeObservation& node) { return hears_its_sender(node.postgres); });
  return {.clock = newest_clock(memory.clocks),
          .position = std::nullopt,
          .heard = heard,
          .former = memory.sole_primary ? memory.sole_primary->node : std::string{}};
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
  if (!can_be_measured(standby, feed, upstream)) {
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

std::optional<DataLoss> data_loss(const NodeSnapshot& standby, const Feed& feed,
                                  const Upstream& upstream) {
  if (!standby.up() || !standby.state->in_recovery || !standby.state->replay_lsn) return {};
  if (!can_be_measured(standby, feed, upstream)) return {};
  const NodeState& state = *standby.state;
  // After its restart the received position falls behind the replayed one.
  const Lsn has = std::max(*state.replay_lsn, state.receive_lsn.value_or(Lsn{}));
  DataLoss loss{.bytes = stage(has, upstream.position), .time = bounds(state, has, upstream)};
  if (is_on_a_branch(state, loss.time, *upstream.clock)) return {};
  // Since its restart nothing has been received: its pg_wal may hold more than it has replayed.
  if (!state.receive_lsn && loss.time.lower) loss.time.lower = Seconds{0};
  return loss;
}

}  // namespace pgrepl
