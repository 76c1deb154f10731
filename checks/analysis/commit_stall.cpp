// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/commit_stall.h"

#include <algorithm>
#include <set>
#include <utility>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {
namespace {

/// A standby replies at least this often; wal_receiver_status_interval may set a longer time.
constexpr Seconds kReplyInterval{10};

class Explanation {
 public:
  Explanation(const ClusterAnalysis& all, const ClusterSnapshot& now, std::size_t primary)
      : all_(all),
        now_(now),
        primary_(primary),
        node_(all.nodes[primary]),
        state_(*now.nodes[primary].postgres.state) {}

  CommitStall find() const {
    const PrimarySync& sync = *node_.sync;
    const bool demanding = sync.demand && sync.demand->count > 0;
    if (!demanding || !sync.counted_on) return {};
    return *sync.is_safe() ? held_up_by_a_walsender() : missing_standby();
  }

 private:
  const std::vector<StatReplicationRow>& rows() const { return state_.wal_senders; }

  std::optional<std::size_t> node_of(std::size_t row) const {
    for (std::size_t i = 0; i < all_.nodes.size(); ++i) {
      const auto& match = all_.nodes[i].walsender;
      if (match && match->node == primary_ && match->row == row) return i;
    }
    return std::nullopt;
  }

  CommitStall by(StallCause cause, std::size_t row) const {
    const auto node = node_of(row);
    const std::string& name = node ? now_.nodes[*node].postgres.name : rows()[row].application_name;
    return {.cause = cause, .standby = name, .row = row};
  }

  // Enough standbys are there, and one of them does not confirm.
  CommitStall held_up_by_a_walsender() const;
  bool replay_is_held(std::size_t row) const;
  bool is_hung(std::size_t row) const;
  std::optional<std::int64_t> missing(std::optional<Lsn> confirmed) const {
    if (!confirmed || !node_.position) return std::nullopt;
    return wal_distance(*confirmed, *node_.position);
  }

  // Fewer standbys are there than a commit needs.
  CommitStall missing_standby() const;
  std::optional<CommitStall> absent_node() const;
  CommitStall misnamed() const;

  const ClusterAnalysis& all_;
  const ClusterSnapshot& now_;
  std::size_t primary_;
  const NodeAnalysis& node_;
  const NodeState& state_;
};

/// Whether commits would be confirmed if only replay went on.
bool Explanation::replay_is_held(std::size_t row) const {
  const auto node = node_of(row);
  if (!node || !all_.nodes[*node].lag) return false;
  const LagState state = all_.nodes[*node].lag->state;
  return state == LagState::paused || state == LagState::delayed ||
         state == LagState::blocked_by_query;
}

/// A live standby replies at once to WAL that it receives, and else in its interval.
bool Explanation::is_hung(std::size_t row) const {
  const auto& silent = node_.wal_senders[row].silent_for;
  if (!silent) return false;
  Seconds interval = kReplyInterval;
  const auto node = node_of(row);
  if (node && now_.nodes[*node].postgres.up()) {
    const auto& settings = now_.nodes[*node].postgres.state->settings.value;
    if (settings && settings->wal_receiver_status_interval)
      interval = std::max(interval, *settings->wal_receiver_status_interval);
  }
  return *silent > interval || *silent > node_.longest_sync_rep_wait;
}

CommitStall Explanation::held_up_by_a_walsender() const {
  const auto& settings = state_.settings.value;
  const bool replay_counts = settings && settings->synchronous_commit == "remote_apply";
  std::optional<std::size_t> slowest, not_replayed;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < rows().size(); ++i) {
    if (!rows()[i].is_synchronous()) continue;
    const std::int64_t behind = missing(rows()[i].flush_lsn).value_or(0);
    if (behind > 0 && is_hung(i)) return by(StallCause::standby_hung, i);
    if (behind > most) {
      most = behind;
      slowest = i;
    }
    if (missing(rows()[i].replay_lsn).value_or(0) > 0) not_replayed = i;
  }
  const bool waits_for_replay = not_replayed && (replay_counts || !slowest);
  if (waits_for_replay && replay_is_held(*not_replayed))
    return by(StallCause::replay_held, *not_replayed);
  if (slowest) return by(StallCause::slow, *slowest);
  if (not_replayed) return by(StallCause::slow, *not_replayed);
  return {};
}

/// A node that is demanded by its name and has no walsender of that name.
std::optional<CommitStall> Explanation::absent_node() const {
  for (std::size_t i = 0; i < now_.nodes.size(); ++i) {
    const std::string& name = now_.nodes[i].postgres.name;
    if (i == primary_ || !names_standby(*node_.sync->demand, name)) continue;
    const bool there = std::ranges::any_of(
        rows(), [&](const auto& row) { return is_same_standby(row.application_name, name); });
    if (there) continue;
    const auto& match = all_.nodes[i].walsender;
    if (!match) return CommitStall{.cause = StallCause::standby_gone, .standby = name, .row = {}};
    const std::string& other = rows()[match->row].application_name;
    if (names_standby(*node_.sync->demand, other)) continue;
    return CommitStall{.cause = StallCause::wrong_name, .standby = name, .row = match->row};
  }
  return std::nullopt;
}

/// A name that is demanded and that nobody has; all have one: more are demanded than there are.
CommitStall Explanation::misnamed() const {
  const SyncNames& demand = *node_.sync->demand;
  for (const std::string& name : demand.names) {
    const bool there = std::ranges::any_of(rows(), [&](const StatReplicationRow& row) {
      return name == "*" || is_same_standby(row.application_name, name);
    });
    if (there) continue;
    CommitStall stall{.cause = StallCause::wrong_name, .standby = name, .row = {}};
    for (const NodeAnalysis& node : all_.nodes) {
      if (node.walsender && node.walsender->node == primary_) stall.row = node.walsender->row;
    }
    return stall;
  }
  return {.cause = StallCause::too_few, .standby = {}, .row = {}};
}

CommitStall Explanation::missing_standby() const {
  if (node_.sync_outlook == SyncOutlook::blocked) return misnamed();
  if (const auto absent = absent_node()) return *absent;
  for (std::size_t i = 0; i < rows().size(); ++i) {
    const bool named = names_standby(*node_.sync->demand, rows()[i].application_name);
    if (named && rows()[i].state != "streaming" && rows()[i].state != "backup")
      return by(StallCause::catching_up, i);
  }
  for (std::size_t i = 0; i < now_.nodes.size(); ++i) {
    if (i == primary_ || all_.nodes[i].walsender) continue;
    return {.cause = StallCause::standby_gone, .standby = now_.nodes[i].postgres.name, .row = {}};
  }
  return misnamed();
}

// --- since when ----------------------------------------------------------------------------------

void time_waits(NodeAnalysis& node, const NodeSnapshot& seen, const ClusterMemory& memory,
                SteadyTime now) {
  node.sync_rep_waiters = seen.state->sync_rep_waiters.size();
  for (const SyncRepWaiter& waiter : seen.state->sync_rep_waiters) {
    const auto since = memory.sync_rep_since.find(std::pair{seen.name, waiter});
    const Seconds waited =
        since == memory.sync_rep_since.end() ? Seconds{0} : elapsed(since->second, now);
    node.longest_sync_rep_wait = std::max(node.longest_sync_rep_wait.value_or(waited), waited);
  }
}

void time_replies(NodeAnalysis& node, const NodeSnapshot& seen, const ClusterMemory& memory,
                  SteadyTime now) {
  const std::vector<WalsenderKind> kinds = walsender_kinds(*seen.state);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const StatReplicationRow& row = seen.state->wal_senders[i];
    WalsenderAnalysis& walsender = node.wal_senders.emplace_back();
    walsender.kind = kinds[i];
    if (!row.reply_time_us) continue;
    const WalsenderReply reply{.pid = row.pid, .reply_time_us = *row.reply_time_us};
    const auto since = memory.reply_since.find(std::pair{seen.name, reply});
    if (since != memory.reply_since.end()) walsender.silent_for = elapsed(since->second, now);
  }
}

}  // namespace

void conclude_commit_waits(ClusterAnalysis& all, const ClusterSnapshot& now,
                           const ClusterMemory& memory) {
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    NodeAnalysis& node = all.nodes[i];
    const NodeSnapshot& seen = now.nodes[i].postgres;
    if (!seen.up()) continue;
    time_waits(node, seen, memory, now.taken.steady);
    time_replies(node, seen, memory, now.taken.steady);
    if (node.sync && node.longest_sync_rep_wait) {
      node.commit_stall = Explanation(all, now, i).find();
    }
  }
}

}  // namespace pgrepl
