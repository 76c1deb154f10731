// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/merge_memory.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/analysis/bounded.h"
#include "checks/analysis/journal.h"

namespace pgrepl {
namespace {

using Roles = std::map<std::string, std::string>;  ///< by node

/// The running clock with the samples from before it.  Where the two contradict each other, the
/// position went back in between: then it stays alone.
LsnClock merge_clock(const LsnClock& running, LsnClock stored) {
  const auto fits = [&stored](const LsnSample& sample) {
    if (!sample.last_seen) return stored.hear(sample.lsn, sample.first_seen);
    return stored.observe(sample.lsn, {.began = *sample.last_seen, .ended = sample.first_seen});
  };
  return std::ranges::all_of(running.samples(), fits) ? stored : running;
}

void merge_clocks(std::vector<LsnClock>& running, const std::vector<LsnClock>& stored) {
  std::vector<LsnClock> older;
  for (const LsnClock& clock : stored) {
    const auto same = std::ranges::find_if(running, [&](const LsnClock& other) {
      return other.system_identifier() == clock.system_identifier() &&
             other.timeline() == clock.timeline();
    });
    if (same == running.end()) {
      older.push_back(clock);
    } else {
      *same = merge_clock(*same, clock);
    }
  }
  running.insert(running.begin(), older.begin(), older.end());  // the one fed last comes last
  keep_newest(running, ClusterMemory::kMaxClocks);
}

/// A change of role that fell between the two memories, told as if the second had known the first.
void tell_role_changes(ClusterMemory& running, const ClusterMemory& stored, WallTime at) {
  std::set<std::string> told;
  for (const JournalEntry& entry : running.journal) {
    if (is_role_change(entry)) told.insert(entry.node);
  }
  for (const auto& [node, before] : stored.last_role) {
    const auto now = running.last_role.find(node);
    if (now == running.last_role.end() || now->second == before || told.contains(node)) continue;
    write_down(running, role_changed(at, node, before, now->second));
  }
}

void merge_journals(std::vector<JournalEntry>& running, const std::vector<JournalEntry>& stored) {
  running.insert(running.begin(), stored.begin(), stored.end());
  std::ranges::stable_sort(running, {}, &JournalEntry::at);
  const auto [same, end] = std::ranges::unique(running);
  running.erase(same, end);
  make_room(running);
}

void count_together(ClusterMemory& running, const ClusterMemory& stored) {
  for (const auto& [kind, count] : stored.event_counts) running.event_counts[kind] += count;
}

/// Slots that were lost before and are not seen, because their node has not answered.
void take_lost_slots(ClusterMemory& running, const ClusterMemory& stored, const Roles& answered) {
  for (const auto& slot : stored.lost_slots) {
    if (!answered.contains(slot.first)) running.lost_slots.insert(slot);
  }
}

/// Both saw the same promotions, or one of them saw more.
void merge_forks(std::vector<ForkPoint>& running, const std::vector<ForkPoint>& stored) {
  std::vector<ForkPoint> all = stored;
  for (const ForkPoint& fork : running) {
    const bool known = std::ranges::any_of(stored, [&](const ForkPoint& other) {
      return other.system_identifier == fork.system_identifier && other.timeline == fork.timeline &&
             other.node == fork.node;
    });
    if (!known) all.push_back(fork);
  }
  running = std::move(all);
  keep_newest(running, ClusterMemory::kMaxForks);
}

const std::string& node_of(const std::string& node) { return node; }

template <class Thing>
const std::string& node_of(const std::pair<std::string, Thing>& key) {
  return key.first;
}

/// Takes over what is stored of the nodes that have not answered since.
template <class Map>
void take_silent(Map& running, const Map& stored, const Roles& answered) {
  for (const auto& [key, value] : stored) {
    if (!answered.contains(node_of(key))) running.insert_or_assign(key, value);
  }
}

template <class Map>
void merge_since(Map& running, const Map& stored, const Roles& answered, SteadyTime began) {
  for (auto& [key, since] : running) {
    const auto before = stored.find(key);
    if (before != stored.end() && since <= began) since = std::min(since, before->second);
  }
  take_silent(running, stored, answered);
}

std::uint32_t subject_of(const LagHistory& history) { return history.timeline(); }
std::int64_t subject_of(const DiskHistory& history) { return history.size(); }

/// The points of both histories of the same thing, where the stored ones lie before.
template <class History>
History merge_history(const History& running, const History& stored) {
  if (subject_of(running) != subject_of(stored) || running.points().empty()) return running;
  auto points = stored.points();
  const SteadyTime began = running.points().front().at;
  std::erase_if(points, [&](const auto& point) { return point.at >= began; });
  points.insert(points.end(), running.points().begin(), running.points().end());
  return History::restored(subject_of(running), std::move(points));
}

template <class Map>
void merge_histories(Map& running, const Map& stored) {
  for (const auto& [key, history] : stored) {
    const auto known = running.find(key);
    if (known != running.end()) known->second = merge_history(known->second, history);
  }
}

}  // namespace

ClusterMemory merge_memory(ClusterMemory running, const ClusterMemory& stored, Instant first_poll) {
  const Roles answered = running.last_role;
  const SteadyTime began = first_poll.steady;
  tell_role_changes(running, stored, first_poll.wall);
  merge_clocks(running.clocks, stored.clocks);
  merge_since(running.slot_inactive_since, stored.slot_inactive_since, answered, began);
  merge_since(running.sync_rep_since, stored.sync_rep_since, answered, began);
  merge_since(running.reply_since, stored.reply_since, answered, began);
  merge_since(running.archive_trouble_since, stored.archive_trouble_since, answered, began);
  take_silent(running.last_role, stored.last_role, answered);
  take_silent(running.primary_since, stored.primary_since, answered);
  take_silent(running.last_replayed, stored.last_replayed, answered);
  take_silent(running.without_receiver, stored.without_receiver, answered);
  merge_histories(running.lag_history, stored.lag_history);
  take_silent(running.lag_history, stored.lag_history, answered);
  take_silent(running.last_answer, stored.last_answer, answered);
  take_silent(running.silence, stored.silence, answered);
  take_lost_slots(running, stored, answered);
  if (!running.maintenance) running.maintenance = stored.maintenance;
  if (!running.synchronous) running.synchronous = stored.synchronous;
  if (!running.failover) running.failover = stored.failover;
  if (!running.sole_primary) running.sole_primary = stored.sole_primary;
  count_together(running, stored);
  merge_histories(running.disk_history, stored.disk_history);
  running.disk_history.insert(stored.disk_history.begin(), stored.disk_history.end());
  running.used_slot.insert(stored.used_slot.begin(), stored.used_slot.end());
  running.rewindable.insert(stored.rewindable.begin(), stored.rewindable.end());
  merge_forks(running.forks, stored.forks);
  running.sync_seen |= stored.sync_seen;
  merge_journals(running.journal, stored.journal);
  return running;
}

}  // namespace pgrepl
