// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checks/analysis/failover.h"
#include "checks/analysis/failover_kind.h"
#include "checks/analysis/history.h"
#include "checks/analysis/journal.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

using Nodes = std::vector<const NodeSnapshot*>;

const NodeSnapshot* find(const ClusterSnapshot& now, const std::string& name) {
  for (const NodeObservation& node : now.nodes) {
    if (node.postgres.name == name) return &node.postgres;
  }
  return nullptr;
}

bool is_primary(const NodeSnapshot& node) { return node.up() && !node.state->in_recovery; }

Nodes primaries_of(const ClusterSnapshot& now) {
  Nodes primaries;
  for (const NodeObservation& node : now.nodes) {
    if (is_primary(node.postgres)) primaries.push_back(&node.postgres);
  }
  return primaries;
}

bool has_synchronous_standby(const NodeState& primary) {
  return std::ranges::any_of(primary.wal_senders, &StatReplicationRow::is_synchronous);
}

SolePrimary sole(const NodeSnapshot& node) {
  return {.node = node.name,
          .alive = node.state->position_read.began,
          .position = node.state->current_wal_flush_lsn,
          .synchronous = has_synchronous_standby(*node.state)};
}

/// Between a standby's last answer in recovery and this one.
Moment promotion_of(const ClusterMemory& memory, const NodeSnapshot& node, SteadyTime not_before) {
  const auto standby = memory.last_replayed.find(node.name);
  const bool seen = standby != memory.last_replayed.end();
  return {.after = seen ? std::max(standby->second.read_began, not_before) : not_before,
          .by = node.state->position_read.ended};
}

/// The primary is where it was; another may have become one beside it.
void note_presence(ClusterMemory& memory, const NodeSnapshot& node, const Nodes& primaries) {
  const SolePrimary before = *memory.sole_primary;
  SolePrimary& present = memory.sole_primary.emplace(sole(node));
  if (primaries.size() == 1) return;
  const auto other = std::ranges::find_if(
      primaries, [&](const NodeSnapshot* primary) { return primary->name != node.name; });
  present.rival = (*other)->name;
  present.rival_promoted = before.rival == present.rival
                               ? before.rival_promoted
                               : promotion_of(memory, **other, SteadyTime{});
}

void note_departure(SolePrimary& gone, const NodeSnapshot& node, SteadyTime now) {
  if (gone.gone_by) return;
  gone.gone_by = now;
  gone.departure = departure_of(node);
}

/// Whether `next` has taken the place of the primary, and is not some other server.
bool succeeds(const ClusterMemory& memory, const SolePrimary& gone, const NodeSnapshot& next) {
  const auto old = memory.last_answer.find(gone.node);
  if (old == memory.last_answer.end()) return false;
  const std::string& system = old->second.system_identifier;
  const bool told = !system.empty() && next.state->system_identifier;
  if (told && system != *next.state->system_identifier) return false;
  const auto role = memory.last_role.find(next.name);
  const bool was_standby = role != memory.last_role.end() && role->second == "standby";
  return was_standby || next.name == gone.rival || next.state->timeline > old->second.timeline;
}

/// WAL that the old primary had written when it last answered, and that lies beyond all that the
/// new one has: it is lost for certain.
std::int64_t lost_wal(const SolePrimary& gone, const NodeState& next) {
  if (!gone.position || !next.current_wal_flush_lsn) return 0;
  return std::max<std::int64_t>(0, wal_distance(*next.current_wal_flush_lsn, *gone.position));
}

Failover failover_to(const ClusterMemory& memory, const SolePrimary& gone, const NodeSnapshot& next,
                     Instant now) {
  const bool was_rival = gone.rival == next.name && gone.rival_promoted;
  const Moment promoted = was_rival ? *gone.rival_promoted : promotion_of(memory, next, gone.alive);
  // One poll may see both as primary when a switchover happens between its two answers.
  const bool side_by_side = was_rival && promoted.by < gone.alive;
  const std::int64_t lost = lost_wal(gone, *next.state);
  const KindVerdict verdict =
      kind_of({.departure = gone.departure, .side_by_side = side_by_side, .wal_lost = lost > 0});
  std::string why{verdict.why};
  if (lost > 0) {
    why += "; at least " + humanize(static_cast<double>(lost), Unit::bytes) + " of WAL is lost";
  }
  const Moment fault{.after = gone.alive, .by = *gone.gone_by};
  return {.at = now.wall - (now.steady - fault.by),
          .old_primary = gone.node,
          .new_primary = next.name,
          .kind = verdict.kind,
          .why = std::move(why),
          .synchronous = gone.synchronous,
          .fault = fault,
          .promoted = promoted,
          .looked = promoted.after};
}

void follow_primary(ClusterMemory& memory, const ClusterSnapshot& now) {
  const Nodes primaries = primaries_of(now);
  if (!memory.sole_primary) {
    if (primaries.size() == 1) memory.sole_primary = sole(*primaries.front());
    return;
  }
  const NodeSnapshot* node = find(now, memory.sole_primary->node);
  if (node == nullptr) {
    memory.sole_primary.reset();  // it is no longer configured
    return;
  }
  if (is_primary(*node)) {
    note_presence(memory, *node, primaries);
    return;
  }
  note_departure(*memory.sole_primary, *node, now.taken.steady);
  if (primaries.size() != 1) return;
  const SolePrimary gone = *memory.sole_primary;
  const NodeSnapshot& next = *primaries.front();
  if (succeeds(memory, gone, next)) memory.failover = failover_to(memory, gone, next, now.taken);
  memory.sole_primary = sole(next);
}

/// Whether a commit on this primary waits, or would wait, for a standby that is not there.
bool holds_commits(const NodeState& primary) {
  if (has_synchronous_standby(primary)) return false;
  if (!primary.sync_rep_waiters.empty()) return true;
  if (primary.synchronous_standby_names.value_or("").empty()) return false;
  const auto& settings = primary.settings.value;
  const std::string commit = settings ? settings->synchronous_commit.value_or("on") : "on";
  return commit != "off" && commit != "local";
}

bool receives_from(const NodeState& standby, const NodeState& primary) {
  return standby.in_recovery && same_system(standby, primary) != false && primary.timeline &&
         standby.wal_receiver && standby.wal_receiver->status == "streaming" &&
         standby.wal_receiver->received_tli == primary.timeline;
}

/// A walsender may also feed a backup or an archive: it is a standby's if it has a node's name, or
/// if a node says that it streams.
bool feeds_a_standby(const NodeState& primary, const ClusterSnapshot& now) {
  const auto is_fed = [&](const NodeObservation& node) {
    return node.postgres.up() && receives_from(*node.postgres.state, primary);
  };
  return std::ranges::any_of(primary.wal_senders, [&](const StatReplicationRow& row) {
    if (row.state != "streaming") return false;
    return find(now, row.application_name) != nullptr || std::ranges::any_of(now.nodes, is_fed);
  });
}

JournalEntry told(const Failover& failover, Instant now) {
  const Seconds lower = elapsed(failover.fault.by, failover.accepting_writes->after);
  const Seconds upper = elapsed(failover.fault.after, failover.accepting_writes->by);
  const auto text = [](Seconds length) {
    return humanize(std::max(0.0, length.count()), Unit::seconds);
  };
  return {.at = now.wall,
          .kind = event::kFailover,
          .node = failover.new_primary,
          .evidence = "takes the writes of " + failover.old_primary + " " + text(lower) + " to " +
                      text(upper) + " after its loss; " + failover.why,
          .object = std::string{to_string(failover.kind)},
          .duration = Seconds{std::max(0.0, upper.count())}};
}

void follow_failover(ClusterMemory& memory, const ClusterSnapshot& now) {
  if (!memory.failover) return;
  Failover& failover = *memory.failover;
  const NodeSnapshot* node = find(now, failover.new_primary);
  if (node == nullptr || !is_primary(*node)) return;
  const NodeState& primary = *node->state;
  const auto reach = [&](std::optional<Moment>& phase, bool reached) {
    if (phase || !reached) return false;
    phase = Moment{.after = failover.looked, .by = primary.position_read.ended};
    return true;
  };
  const bool writes = reach(failover.accepting_writes, !holds_commits(primary));
  // Beside a living primary it took writes before there was anything to take over.
  if (writes && failover.promoted.by < failover.fault.after) {
    failover.accepting_writes = failover.promoted;
  }
  reach(failover.standby_back, feeds_a_standby(primary, now));
  reach(failover.sync_again, failover.synchronous && has_synchronous_standby(primary));
  failover.looked = std::max(failover.looked, primary.position_read.began);
  if (writes) write_down(memory, told(failover, now.taken));
}

}  // namespace

void note_failover(ClusterMemory& memory, const ClusterSnapshot& now) {
  follow_primary(memory, now);
  follow_failover(memory, now);
}

}  // namespace pgrepl
