// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/feed_clocks.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "checks/analysis/bounded.h"
#include "checks/analysis/history.h"
#include "checks/analysis/journal.h"

namespace pgrepl {
namespace {

/// A primary that told all that its clock needs.
struct Primary {
  const NodeSnapshot* node;
  History history;
  Lsn position;
  ReadingSpan read;
};

std::vector<Primary> primaries_of(const ClusterSnapshot& now) {
  std::vector<Primary> primaries;
  for (const NodeObservation& node : now.nodes) {
    if (!node.postgres.up() || node.postgres.state->in_recovery) continue;
    const NodeState& state = *node.postgres.state;
    const auto history = written_history(node.postgres);
    if (!history || !state.current_wal_flush_lsn) continue;
    primaries.push_back({.node = &node.postgres,
                         .history = *history,
                         .position = *state.current_wal_flush_lsn,
                         .read = state.position_read});
  }
  return primaries;
}

auto clock_of(ClusterMemory& memory, const History& history) {
  return std::find_if(memory.clocks.begin(), memory.clocks.end(), [&](const LsnClock& clock) {
    return clock.system_identifier() == history.system_identifier &&
           clock.timeline() == history.timeline;
  });
}

/// The clock of a history, now the last in the row, so that the one unused for longest stands
/// first.
LsnClock& take_up(ClusterMemory& memory, LsnClock fresh) {
  const auto known = clock_of(memory, {fresh.system_identifier(), fresh.timeline()});
  if (known == memory.clocks.end()) {
    memory.clocks.push_back(std::move(fresh));
    keep_newest(memory.clocks, ClusterMemory::kMaxClocks);
  } else {
    std::rotate(known, std::next(known), memory.clocks.end());
  }
  return memory.clocks.back();
}

/// What a primary wrote before it told, or told more of, which history that is: the same one.
std::optional<LsnClock> renamed_clock_of_run(ClusterMemory& memory, const Primary& primary) {
  const auto run = run_of(*primary.node);
  const auto known = std::ranges::find_if(memory.clocks, [&](const LsnClock& clock) {
    return run && clock.system_identifier() == *run;
  });
  if (known == memory.clocks.end()) return std::nullopt;
  const History& history = primary.history;
  auto renamed = LsnClock::restored(history.system_identifier, history.timeline, known->samples());
  memory.clocks.erase(known);
  return renamed;
}

/// The clock that a newly seen primary starts with.  If we saw it as a standby on the timeline just
/// before, what is known up to its replay position of then is its own past, too; otherwise nothing
/// is.
LsnClock first_clock_of(ClusterMemory& memory, const Primary& primary) {
  if (auto renamed = renamed_clock_of_run(memory, primary)) return std::move(*renamed);
  LsnClock fresh(primary.history.system_identifier, primary.history.timeline);
  const auto replayed = memory.last_replayed.find(primary.node->name);
  if (replayed == memory.last_replayed.end()) return fresh;

  const ReplayedPosition& at = replayed->second;
  const History old{at.system_identifier, at.timeline};
  const bool follows = old.system_identifier == primary.history.system_identifier &&
                       old.timeline + 1 == primary.history.timeline;
  const auto before = clock_of(memory, old);
  if (!follows || before == memory.clocks.end()) return fresh;
  return before->switched_to(primary.history.timeline, std::min(at.lsn, primary.position),
                             at.read_began);
}

void feed(ClusterMemory& memory, const Primary& primary, WallTime at) {
  const History& history = primary.history;
  const bool known = clock_of(memory, history) != memory.clocks.end();
  LsnClock& clock = take_up(memory, known ? LsnClock(history.system_identifier, history.timeline)
                                          : first_clock_of(memory, primary));
  const Lsn newest = clock.samples().empty() ? Lsn{} : clock.samples().back().lsn;
  if (clock.observe(primary.position, primary.read)) return;
  write_down(memory, {.at = at,
                      .kind = event::kPositionWentBack,
                      .node = primary.node->name,
                      .evidence = to_string(primary.position) + " on timeline " +
                                  std::to_string(history.timeline) + ", after " +
                                  to_string(newest) + " had been seen"});
}

void feed_from_primaries(ClusterMemory& memory, const std::vector<Primary>& primaries,
                         WallTime at) {
  for (const Primary& primary : primaries) {
    const auto same_history = [&](const Primary& other) {
      return other.history == primary.history;
    };
    if (std::count_if(primaries.begin(), primaries.end(), same_history) == 1) {
      feed(memory, primary, at);
    } else if (const auto shared = clock_of(memory, primary.history);
               shared != memory.clocks.end()) {
      memory.clocks.erase(shared);
    }
  }
}

void feed_from_receivers(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& node : now.nodes) {
    if (!node.postgres.up() || !node.postgres.state->wal_receiver) continue;
    const auto& system = node.postgres.state->system_identifier;
    const StatWalReceiverRow& receiver = *node.postgres.state->wal_receiver;
    if (!system || !receiver.latest_end_lsn || !receiver.received_tli) continue;
    LsnClock& clock = take_up(memory, LsnClock(*system, *receiver.received_tli));
    clock.hear(*receiver.latest_end_lsn, now.taken.steady);
  }
}

void note_replayed(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& node : now.nodes) {
    if (!node.postgres.up() || !node.postgres.state->in_recovery) continue;
    const NodeState& state = *node.postgres.state;
    if (!state.timeline || !state.replay_lsn) continue;
    memory.last_replayed[node.postgres.name] = {
        .system_identifier = state.system_identifier.value_or(""),
        .timeline = *state.timeline,
        .lsn = *state.replay_lsn,
        .read_began = state.position_read.began};
  }
}

}  // namespace

void feed_clocks(ClusterMemory& memory, const ClusterSnapshot& now) {
  const auto says_primary = [](const NodeObservation& node) {
    return node.postgres.up() && !node.postgres.state->in_recovery;
  };
  feed_from_primaries(memory, primaries_of(now), now.taken.wall);
  if (std::none_of(now.nodes.begin(), now.nodes.end(), says_primary)) {
    feed_from_receivers(memory, now);
  }
  note_replayed(memory, now);
}

}  // namespace pgrepl
