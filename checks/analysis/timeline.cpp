// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/timeline.h"

#include <algorithm>
#include <string>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/history.h"

namespace pgrepl {
namespace {

/// The history that the others are compared with.
struct Reference {
  std::size_t index;
  const NodeSnapshot* node;
  std::uint32_t timeline;
  std::optional<Lsn> position;
};

/// The only primary, or the one that was promoted last: two of the same timeline tell nothing, and
/// neither do two of different systems.
std::optional<Reference> reference_of(const ClusterSnapshot& snapshot,
                                      const std::vector<NodeAnalysis>& nodes) {
  std::optional<Reference> latest;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].role != Role::primary) continue;
    const NodeSnapshot& node = snapshot.nodes[i].postgres;
    if (!node.state->timeline) return std::nullopt;
    const std::uint32_t timeline = *node.state->timeline;
    if (latest) {
      const bool comparable = same_system(*latest->node->state, *node.state) == true;
      if (latest->timeline == timeline || !comparable) return std::nullopt;
    }
    if (!latest || latest->timeline < timeline) {
      latest = Reference{i, &node, timeline, nodes[i].position};
    }
  }
  return latest;
}

bool hears_nobody(const NodeAnalysis& node) {
  return node.following && node.following->sender == SenderKind::none;
}

/// Compares one node with the reference.
class Comparison {
 public:
  Comparison(const ClusterMemory& memory, const Reference& primary)
      : memory_(memory),
        primary_(primary),
        system_(primary.node->state->system_identifier.value_or("")) {}

  std::optional<TimelineAnalysis> of(const NodeSnapshot& node, const NodeAnalysis& seen) const {
    TimelineAnalysis all{.primary = primary_.index};
    if (!node.up()) {
      if (!take_last_seen(all, node, seen)) return std::nullopt;
    } else {
      all.timeline = node.state->timeline;
      all.position = seen.position;
      const auto same = same_system(*node.state, *primary_.node->state);
      if (same == false) all.rejoin = RejoinWay::base_backup;
      // PostgreSQL compares the systems before it streams, too.
      if (!same.value_or(seen.is_fed())) return all;
    }
    if (!all.timeline) return all;
    all.fork = fork(*all.timeline, node.name);
    all.descent = descent(all, node, seen);
    measure(all, node.up());
    all.rejoin = rejoin(all, node, seen);
    return all;
  }

 private:
  std::optional<ForkInterval> fork(std::uint32_t timeline, const std::string& node) const {
    if (timeline > primary_.timeline) {
      return fork_between(memory_, system_, primary_.timeline, timeline, node);
    }
    return fork_between(memory_, system_, timeline, primary_.timeline, primary_.node->name);
  }

  /// A silent node that was primary on another timeline: the old primary after a failover, or a
  /// promoted standby after which the old primary came back.
  bool take_last_seen(TimelineAnalysis& all, const NodeSnapshot& node,
                      const NodeAnalysis& seen) const {
    const auto known = memory_.primary_since.find(node.name);
    if (seen.last_role != Role::primary || known == memory_.primary_since.end()) return false;
    if (known->second.timeline == 0) return false;  // it did not tell
    all.timeline = known->second.timeline;
    for (const LsnClock& clock : memory_.clocks) {
      const bool is_its = clock.system_identifier() == system_ && clock.timeline() == all.timeline;
      if (is_its && !clock.samples().empty()) all.position = clock.samples().back().lsn;
    }
    return all.timeline != primary_.timeline;
  }

  Descent descent(const TimelineAnalysis& all, const NodeSnapshot& node,
                  const NodeAnalysis& seen) const {
    if (*all.timeline > primary_.timeline) return Descent::ahead;
    const bool is_older = *all.timeline < primary_.timeline;
    // PostgreSQL compares the two histories before it streams.
    if (seen.is_fed()) return is_older ? Descent::behind : Descent::same;
    if (!all.position) return Descent::unknown;
    if (!is_older) return on_the_same(all, node, seen);
    if (!all.fork) return Descent::unknown;
    if (*all.position > all.fork->at_most) return Descent::forked;
    // A primary that still runs, or was last seen running, writes on: at the latest when it stops.
    const bool stands_still = node.up() && hears_nobody(seen);
    if (stands_still && *all.position <= all.fork->at_least) return Descent::behind;
    return Descent::unknown;
  }

  /// The same number need not be the same history: each of two nodes may have been promoted to it.
  Descent on_the_same(const TimelineAnalysis& all, const NodeSnapshot& node,
                      const NodeAnalysis& seen) const {
    if (promotion_of(memory_, system_, *all.timeline, node.name)) return Descent::unknown;
    // A receiver may have got what was written after the primary's position was read.
    if (!hears_nobody(seen) || !primary_.position) return Descent::same;
    return *all.position > *primary_.position ? Descent::forked : Descent::same;
  }

  void measure(TimelineAnalysis& all, bool is_up) const {
    if (all.descent != Descent::forked) return;
    if (*all.timeline == primary_.timeline) {
      all.own_at_least = wal_distance(*primary_.position, *all.position);
      return;
    }
    all.own_at_least = wal_distance(all.fork->at_most, *all.position);
    // A silent node may have written on after it was last seen.
    if (is_up) all.own_at_most = wal_distance(all.fork->at_least, *all.position);
  }

  std::optional<RejoinWay> rejoin(const TimelineAnalysis& all, const NodeSnapshot& node,
                                  const NodeAnalysis& seen) const {
    switch (all.descent) {
      case Descent::same:
        return std::nullopt;
      case Descent::behind:
        if (seen.is_fed()) return std::nullopt;
        return RejoinWay::as_is;
      case Descent::forked:
        return way_back(node.name);
      case Descent::ahead:  // which of the two histories is to be kept is for people to say
        return RejoinWay::unknown;
      case Descent::unknown:
        // It may well follow, only that nobody shows it.
        if (node.up() && seen.following && seen.following->reach == Reach::unknown) {
          return std::nullopt;
        }
        return RejoinWay::unknown;
    }
    return std::nullopt;
  }

  RejoinWay way_back(const std::string& node) const {
    const auto known = memory_.rewindable.find(node);
    if (known == memory_.rewindable.end()) return RejoinWay::unknown;
    return known->second ? RejoinWay::rewind : RejoinWay::base_backup;
  }

  const ClusterMemory& memory_;
  const Reference& primary_;
  const std::string system_;  ///< empty: not told, and nothing that is remembered is of it
};

}  // namespace

void note_rewindable(ClusterMemory& memory, const NodeSnapshot& node) {
  const auto& settings = node.state->settings.value;
  if (!settings || !settings->wal_log_hints || !settings->data_checksums) return;
  memory.rewindable[node.name] = *settings->wal_log_hints || *settings->data_checksums;
}

std::vector<std::optional<TimelineAnalysis>> compare_timelines(
    const ClusterSnapshot& snapshot, const ClusterMemory& memory,
    const std::vector<NodeAnalysis>& nodes) {
  std::vector<std::optional<TimelineAnalysis>> all(nodes.size());
  const auto reference = reference_of(snapshot, nodes);
  if (!reference) return all;
  const Comparison comparison(memory, *reference);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i != reference->index) all[i] = comparison.of(snapshot.nodes[i].postgres, nodes[i]);
  }
  return all;
}

}  // namespace pgrepl
