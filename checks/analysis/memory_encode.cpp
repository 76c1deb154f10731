// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "checks/analysis/memory.h"
#include "checks/analysis/memory_fields.h"
#include "checks/analysis/memory_format.h"

namespace pgrepl {
namespace {

namespace format = memory_format;

class Writer {
 public:
  explicit Writer(Instant now) : now_(now) {}

  template <class... Field>
  void line(std::string_view word, const Field&... fields) {
    text_ += word;
    ((text_ += ' ', field(fields)), ...);
    text_ += '\n';
  }
  std::string text() && { return std::move(text_); }

 private:
  void field(const std::string& value) { text_ += escaped(value); }
  void field(std::integral auto value) { text_ += std::to_string(value); }
  void field(Lsn value) { text_ += to_string(value); }
  void field(Departure value) { text_ += to_string(value); }
  void field(FailoverKind value) { text_ += to_string(value); }
  void field(const Moment& value) {
    field(value.after);
    text_ += ' ';
    field(value.by);
  }
  void field(State value) { text_ += to_string(value); }
  void field(WallTime value) { field(value.time_since_epoch().count()); }
  void field(SteadyTime value) { field(now_.wall + (value - now_.steady)); }
  void field(Seconds value) { field(std::llround(value.count() * 1e6)); }
  template <class T>
  void field(const std::optional<T>& value) {
    if (value) {
      field(*value);
    } else {
      text_ += format::kNever;
    }
  }

  Instant now_;
  std::string text_;
};

void write_clock(Writer& out, const LsnClock& clock) {
  out.line("clock", clock.system_identifier(), clock.timeline());
  for (const LsnSample& sample : clock.samples()) {
    out.line("sample", sample.lsn, sample.first_seen, sample.last_seen);
  }
}

void write_nodes(Writer& out, const ClusterMemory& memory) {
  for (const auto& [key, since] : memory.slot_inactive_since) {
    out.line("slot", key.first, key.second, since);
  }
  for (const auto& [key, since] : memory.sync_rep_since) {
    const SyncRepWaiter& waiter = key.second;
    out.line("sync_rep", key.first, waiter.pid, waiter.backend_start_us, waiter.query_start_us,
             waiter.backend_xid, since);
  }
  for (const auto& [key, since] : memory.reply_since) {
    out.line("reply", key.first, key.second.pid, key.second.reply_time_us, since);
  }
  for (const auto& [node, since] : memory.archive_trouble_since) out.line("archive", node, since);
  for (const auto& [node, role] : memory.last_role) out.line("role", node, role);
  for (const auto& [node, since] : memory.primary_since) {
    out.line("primary", node, since.timeline, since.seen);
  }
  for (const auto& [node, at] : memory.last_replayed) {
    out.line("replayed", node, at.system_identifier, at.timeline, at.lsn, at.read_began);
  }
  for (const auto& [node, at] : memory.without_receiver) {
    out.line("unfed", node, at.lsn, at.advanced);
  }
  for (const auto& [node, history] : memory.lag_history) {
    for (const LagPoint& point : history.points()) {
      out.line("lag", node, history.timeline(), point.at, point.replayed, point.missing,
               point.lowest);
    }
  }
  for (const auto& [key, history] : memory.disk_history) {
    for (const DiskPoint& point : history.points()) {
      out.line("disk", key.first, key.second, history.size(), point.at, point.available,
               point.most);
    }
  }
  for (const auto& [node, slot] : memory.used_slot) out.line("uses", node, slot);
}

void write_timelines(Writer& out, const ClusterMemory& memory) {
  for (const auto& [node, can] : memory.rewindable) out.line("rewindable", node, can ? 1 : 0);
  for (const ForkPoint& fork : memory.forks) {
    out.line("fork", fork.system_identifier, fork.timeline, fork.node, fork.at_least, fork.at_most);
  }
}

void write_primary(Writer& out, const SolePrimary& primary) {
  out.line("sole_primary", primary.node, primary.alive, primary.position, primary.synchronous,
           primary.gone_by, primary.departure, primary.rival, primary.rival_promoted);
}

void write_failover(Writer& out, const Failover& failover) {
  out.line("failover", failover.at, failover.old_primary, failover.new_primary, failover.kind,
           failover.why, failover.synchronous, failover.fault, failover.promoted,
           failover.accepting_writes, failover.standby_back, failover.sync_again, failover.looked);
}

void write_events(Writer& out, const ClusterMemory& memory) {
  for (const auto& [node, answer] : memory.last_answer) {
    out.line("answer", node, answer.read_began, answer.system_identifier, answer.timeline,
             answer.postmaster_start_us, answer.position, answer.upstream);
  }
  for (const auto& [node, silence] : memory.silence) {
    out.line("silent", node, silence.since, silence.polls);
  }
  for (const auto& [node, slot] : memory.lost_slots) out.line("lost_slot", node, slot);
  if (const auto& known = memory.synchronous) out.line("synchronous", known->names, known->since);
  if (const auto& known = memory.maintenance) out.line("maintenance", known->began, known->until);
  if (memory.sole_primary) write_primary(out, *memory.sole_primary);
  if (memory.failover) write_failover(out, *memory.failover);
  for (const JournalEntry& entry : memory.journal) {
    out.line("event", entry.at, entry.kind, entry.node, entry.evidence, entry.object,
             entry.duration, entry.during_maintenance);
  }
  for (const auto& [kind, count] : memory.event_counts) out.line("counted", kind, count);
}

}  // namespace

std::string encode_memory(const ClusterMemory& memory, Instant now) {
  Writer out(now);
  out.line(format::kName, format::kVersion);
  out.line(format::kTaken, now.wall, now.steady.time_since_epoch().count());
  for (const LsnClock& clock : memory.clocks) write_clock(out, clock);
  write_nodes(out, memory);
  write_timelines(out, memory);
  if (memory.sync_seen) out.line("sync_seen");
  if (memory.not_ready_since) out.line("not_ready", *memory.not_ready_since);
  for (const auto& [key, hold] : memory.holds) {
    out.line("hold", key.check, key.node, key.object, hold.published, hold.pending, hold.since,
             hold.polls, hold.published_since, hold.cause);
  }
  write_events(out, memory);
  out.line(format::kEnd);
  return std::move(out).text();
}

}  // namespace pgrepl
