// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/note_events.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/analysis/history.h"
#include "checks/analysis/journal.h"
#include "checks/base/text.h"

namespace pgrepl {
namespace {

/// A single missed poll is no event.
constexpr int kPollsToBeLost = 2;

WallTime on_calendar(SteadyTime moment, Instant now) { return now.wall - (now.steady - moment); }

void note_silence(ClusterMemory& memory, const NodeSnapshot& node, Instant now) {
  if (!memory.last_answer.contains(node.name)) return;
  Silence& silence = memory.silence.try_emplace(node.name, Silence{now.steady, 0}).first->second;
  if (++silence.polls != kPollsToBeLost) return;
  const Failure& failure = node.state.error();
  write_down(memory, {.at = on_calendar(silence.since, now),
                      .kind = event::kNodeLost,
                      .node = node.name,
                      .evidence = std::string{to_string(failure.reason)} + ": " + failure.message});
}

void note_return(ClusterMemory& memory, const NodeSnapshot& node, Instant now) {
  const auto ended = memory.silence.extract(node.name);
  if (ended.empty() || ended.mapped().polls < kPollsToBeLost) return;
  write_down(memory, {.at = now.wall,
                      .kind = event::kNodeBack,
                      .node = node.name,
                      .evidence = node.state->in_recovery ? "as a standby" : "as a primary",
                      .duration = elapsed(ended.mapped().since, now.steady)});
}

std::string upstream_of(const NodeState& state) {
  const auto& receiver = state.wal_receiver;
  if (!receiver || !receiver->sender_host) return {};
  const int port = receiver->sender_port.value_or(0);
  return *receiver->sender_host + (port == 0 ? "" : ":" + std::to_string(port));
}

LastAnswer answer_of(const NodeState& state) {
  return {.read_began = state.position_read.began,
          .system_identifier = state.system_identifier.value_or(""),
          .timeline = state.timeline.value_or(0),
          .postmaster_start_us = started_us(state),
          .position = state.in_recovery ? state.replay_lsn : state.current_wal_flush_lsn,
          .upstream = upstream_of(state)};
}

/// A standby without a receiver takes its timeline from the control file, which may be behind.
bool is_stale_timeline(const NodeState& state, std::uint32_t known) {
  const bool streams = state.wal_receiver && state.wal_receiver->received_tli;
  return state.in_recovery && !streams && state.timeline.value_or(0) < known;
}

/// One node's answer beside its last one.
struct Comparison {
  const NodeSnapshot& node;
  const LastAnswer& before;
  LastAnswer now;
  std::string role_before, role_now;
  Instant taken;

  JournalEntry tell(const char* kind, std::string evidence) const {
    return {.at = taken.wall, .kind = kind, .node = node.name, .evidence = std::move(evidence)};
  }
  bool role_changed() const { return !role_before.empty() && role_before != role_now; }
};

std::string promotion_evidence(const Comparison& seen) {
  const auto told = [](std::uint32_t timeline) {
    return timeline == 0 ? "?" : std::to_string(timeline);
  };
  std::string text = "timeline " + told(seen.before.timeline) + " -> " + told(seen.now.timeline);
  if (seen.now.position) text += ", at " + to_string(*seen.now.position);
  if (seen.before.position) {
    text += ", had replayed " + to_string(*seen.before.position) + " when last seen as a standby";
  }
  return text;
}

void tell_role(ClusterMemory& memory, const Comparison& seen) {
  if (!seen.role_changed()) return;
  const bool promoted = seen.role_now == "primary";
  write_down(memory, role_changed(seen.taken.wall, seen.node.name, seen.role_before, seen.role_now,
                                  promoted ? promotion_evidence(seen) : std::string{}));
}

void tell_restart(ClusterMemory& memory, const Comparison& seen) {
  const auto& before = seen.before.postmaster_start_us;
  const auto& now = seen.now.postmaster_start_us;
  if (seen.role_now != "primary" || seen.role_changed() || !before || !now || before == now) return;
  JournalEntry entry =
      seen.tell(event::kPrimaryRestarted,
                "postmaster started anew" +
                    (seen.now.position ? ", at " + to_string(*seen.now.position) : std::string{}));
  entry.duration = elapsed(seen.before.read_began, seen.node.state->position_read.ended);
  write_down(memory, std::move(entry));
}

void tell_timeline(ClusterMemory& memory, const Comparison& seen) {
  const std::uint32_t before = seen.before.timeline;
  const std::uint32_t now = seen.now.timeline;
  const bool promoted = seen.role_changed() && seen.role_now == "primary";
  if (promoted || before == 0 || now == 0 || before == now) return;
  write_down(memory, seen.tell(event::kTimelineSwitched,
                               std::to_string(before) + " -> " + std::to_string(now)));
}

void tell_upstream(ClusterMemory& memory, const Comparison& seen) {
  const std::string& before = seen.before.upstream;
  if (before.empty() || seen.now.upstream.empty() || before == seen.now.upstream) return;
  write_down(memory, seen.tell(event::kUpstreamChanged, before + " -> " + seen.now.upstream));
}

/// What this answer left out stays as it was known, as far as it cannot have changed unseen: after
/// a restart another server may answer, and a promotion begins a timeline.
LastAnswer completed(LastAnswer now, const Comparison& seen) {
  const LastAnswer& before = seen.before;
  const bool restarted = now.postmaster_start_us && before.postmaster_start_us &&
                         now.postmaster_start_us != before.postmaster_start_us;
  if (now.system_identifier.empty() && !restarted) now.system_identifier = before.system_identifier;
  if (now.timeline == 0 && !restarted && !seen.role_changed()) now.timeline = before.timeline;
  if (!now.postmaster_start_us) now.postmaster_start_us = before.postmaster_start_us;
  if (!now.position) now.position = before.position;
  if (now.upstream.empty()) now.upstream = before.upstream;
  return now;
}

void note_answer(ClusterMemory& memory, const NodeSnapshot& node, Instant taken) {
  LastAnswer now = answer_of(*node.state);
  const auto known = memory.last_answer.find(node.name);
  if (known == memory.last_answer.end()) {
    memory.last_answer.emplace(node.name, std::move(now));
    return;
  }
  const LastAnswer before = known->second;
  const bool both_told = !before.system_identifier.empty() && !now.system_identifier.empty();
  if (both_told && before.system_identifier != now.system_identifier) {
    write_down(memory, {.at = taken.wall,
                        .kind = event::kSystemChanged,
                        .node = node.name,
                        .evidence = before.system_identifier + " -> " + now.system_identifier});
    memory.last_answer[node.name] = std::move(now);
    return;  // nothing else can be compared
  }
  if (is_stale_timeline(*node.state, before.timeline)) now.timeline = before.timeline;
  const auto role = memory.last_role.find(node.name);
  const Comparison seen{.node = node,
                        .before = before,
                        .now = now,
                        .role_before = role == memory.last_role.end() ? "" : role->second,
                        .role_now = node.state->in_recovery ? "standby" : "primary",
                        .taken = taken};
  tell_role(memory, seen);
  tell_restart(memory, seen);
  tell_timeline(memory, seen);
  tell_upstream(memory, seen);
  memory.last_answer[node.name] = completed(std::move(now), seen);
}

void note_slots(ClusterMemory& memory, const NodeSnapshot& node, bool is_new, Instant taken) {
  if (node.state->missing.slots) return;
  std::set<std::pair<std::string, std::string>> lost;
  for (const ReplicationSlotRow& slot : node.state->slots) {
    if (slot.wal_status == "lost") lost.emplace(node.name, slot.slot_name);
  }
  for (const auto& key : lost) {
    if (is_new || memory.lost_slots.contains(key)) continue;
    write_down(memory, {.at = taken.wall,
                        .kind = event::kSlotLost,
                        .node = node.name,
                        .evidence = "the WAL that " + key.second + " needs is removed",
                        .object = key.second});
  }
  std::erase_if(memory.lost_slots, [&](const auto& key) { return key.first == node.name; });
  memory.lost_slots.merge(lost);
}

/// The only primary that shows its walsenders; null if there is none.
const NodeSnapshot* telling_primary(const ClusterSnapshot& now) {
  const NodeSnapshot* primary = nullptr;
  for (const NodeObservation& node : now.nodes) {
    if (!node.postgres.up() || node.postgres.state->in_recovery) continue;
    if (primary != nullptr) return nullptr;
    primary = &node.postgres;
  }
  const bool tells =
      primary != nullptr && primary->state->has_pg_monitor && !primary->state->missing.wal_senders;
  return tells ? primary : nullptr;
}

std::string synchronous_names(const NodeState& primary) {
  std::set<std::string> names;
  for (const StatReplicationRow& row : primary.wal_senders) {
    if (row.is_synchronous()) names.insert(row.application_name);
  }
  return join(std::vector(names.begin(), names.end()), ", ");
}

void note_synchronous(ClusterMemory& memory, const ClusterSnapshot& now) {
  const NodeSnapshot* primary = telling_primary(now);
  if (primary == nullptr) return;
  const std::string names = synchronous_names(*primary->state);
  const std::optional<SynchronousStandbys> before = memory.synchronous;
  if (before && before->names == names) return;
  memory.synchronous = {.names = names, .since = now.taken.steady};
  if (!before) return;
  const auto named = [](const std::string& text) { return text.empty() ? "none" : text; };
  JournalEntry entry{.at = now.taken.wall,
                     .kind = event::kSyncChanged,
                     .node = primary->name,
                     .evidence = "synchronous: " + named(before->names) + " -> " + named(names)};
  if (before->names.empty()) entry.duration = elapsed(before->since, now.taken.steady);
  write_down(memory, std::move(entry));
}

}  // namespace

void note_events(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& observation : now.nodes) {
    const NodeSnapshot& node = observation.postgres;
    if (!node.up()) {
      note_silence(memory, node, now.taken);
      continue;
    }
    const bool is_new = !memory.last_answer.contains(node.name);
    note_return(memory, node, now.taken);
    note_answer(memory, node, now.taken);
    note_slots(memory, node, is_new, now.taken);
  }
  note_synchronous(memory, now);
}

}  // namespace pgrepl
