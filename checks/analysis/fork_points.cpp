// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/fork_points.h"

#include <algorithm>

#include "checks/analysis/bounded.h"

namespace pgrepl {
namespace {

auto find(auto& forks, const std::string& system_identifier, std::uint32_t timeline,
          const std::string& node) {
  return std::ranges::find_if(forks, [&](const ForkPoint& fork) {
    return fork.system_identifier == system_identifier && fork.timeline == timeline &&
           fork.node == node;
  });
}

/// Where a primary left the timeline just before its own.  A server that streamed and was promoted
/// knows the very place until it starts anew; else it lies between what it had replayed when it was
/// last seen as a standby and where it is now, or where crash recovery has ended since.  A timeline
/// in between may have left the old one earlier, so nothing is said where one may be.
std::optional<ForkPoint> promotion_shown_by(const NodeSnapshot& node, const ClusterMemory& memory) {
  const NodeState& state = *node.state;
  if (!state.system_identifier || !state.timeline || !state.current_wal_flush_lsn)
    return std::nullopt;
  ForkPoint fork{.system_identifier = *state.system_identifier,
                 .timeline = *state.timeline,
                 .node = node.name};
  const auto before = memory.last_replayed.find(node.name);
  const bool seen_before = before != memory.last_replayed.end() &&
                           before->second.system_identifier == state.system_identifier &&
                           before->second.timeline + 1 == *state.timeline;
  if (state.was_streamed_to.value_or(false) && state.recovery_end_lsn &&
      (seen_before || state.timeline == 2U)) {
    fork.at_least = fork.at_most = *state.recovery_end_lsn;
    return fork;
  }
  if (!seen_before) return std::nullopt;
  fork.at_least = before->second.lsn;
  fork.at_most = std::min(*state.current_wal_flush_lsn,
                          state.recovery_end_lsn.value_or(*state.current_wal_flush_lsn));
  if (fork.at_most < fork.at_least) return std::nullopt;
  return fork;
}

/// Widens `all` by one more promotion that may be meant.
void admit(std::optional<ForkInterval>& all, const ForkInterval& one) {
  if (!all) {
    all = one;
  } else {
    all->at_least = std::min(all->at_least, one.at_least);
    all->at_most = std::max(all->at_most, one.at_most);
  }
}

/// Where `to` left the timeline just before it.  Of a number that several nodes were promoted to,
/// the named one's promotion is meant, else any of them.
std::optional<ForkInterval> step(const ClusterMemory& memory, const std::string& system_identifier,
                                 std::uint32_t to, const std::string& node) {
  if (const ForkPoint* own = promotion_of(memory, system_identifier, to, node)) {
    return ForkInterval{own->at_least, own->at_most};
  }
  std::optional<ForkInterval> any;
  for (const ForkPoint& fork : memory.forks) {
    if (fork.system_identifier == system_identifier && fork.timeline == to) {
      admit(any, {fork.at_least, fork.at_most});
    }
  }
  return any;
}

}  // namespace

void note_forks(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& observation : now.nodes) {
    const NodeSnapshot& node = observation.postgres;
    if (!node.up() || node.state->in_recovery) continue;
    const auto fork = promotion_shown_by(node, memory);
    if (!fork) continue;
    const auto known = find(memory.forks, fork->system_identifier, fork->timeline, fork->node);
    if (known == memory.forks.end()) {
      memory.forks.push_back(*fork);
      keep_newest(memory.forks, ClusterMemory::kMaxForks);
    } else if (fork->at_least == fork->at_most) {
      *known = *fork;
    }
  }
}

std::optional<ForkInterval> fork_between(const ClusterMemory& memory,
                                         const std::string& system_identifier, std::uint32_t older,
                                         std::uint32_t timeline, const std::string& node) {
  std::optional<ForkInterval> shared;
  for (std::uint32_t to = timeline; to > older; --to) {
    const auto left = step(memory, system_identifier, to, node);
    if (!left) return std::nullopt;
    if (!shared) shared = left;
    shared->at_least = std::min(shared->at_least, left->at_least);
    shared->at_most = std::min(shared->at_most, left->at_most);
  }
  return shared;
}

const ForkPoint* promotion_of(const ClusterMemory& memory, const std::string& system_identifier,
                              std::uint32_t timeline, const std::string& node) {
  const auto found = find(memory.forks, system_identifier, timeline, node);
  return found == memory.forks.end() ? nullptr : &*found;
}

std::optional<ForkInterval> last_fork(const ClusterMemory& memory, const NodeSnapshot& primary) {
  const NodeState& state = *primary.state;
  const ForkPoint* fork = promotion_of(memory, state.system_identifier.value_or(""),
                                       state.timeline.value_or(0), primary.name);
  if (fork == nullptr) return std::nullopt;
  return ForkInterval{fork->at_least, fork->at_most};
}

}  // namespace pgrepl
