// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/topology.h"

#include <algorithm>

#include "checks/analysis/history.h"
#include "checks/analysis/lag.h"

namespace pgrepl {

struct TopologySight {
  const ClusterSnapshot& snapshot;
  const ClusterMemory& memory;
  const std::vector<std::optional<Following>>& following;
  std::vector<std::size_t> primaries, standbys, silent;

  const NodeSnapshot& node(std::size_t i) const { return snapshot.nodes[i].postgres; }
  const NodeState& state(std::size_t i) const { return *node(i).state; }
};

namespace {

using Nodes = std::vector<std::size_t>;

/// A primary cannot be stopped and its standby be promoted in less: a promotion alone, right after
/// the kill, takes some 200 ms.
constexpr Seconds kFastestHandover{0.05};

template <class Fits>
Nodes those(const Nodes& nodes, Fits fits) {
  Nodes found;
  std::ranges::copy_if(nodes, std::back_inserter(found), fits);
  return found;
}

template <class Fits>
Nodes followers(const TopologySight& sight, Fits fits) {
  Nodes found;
  for (std::size_t i = 0; i < sight.following.size(); ++i) {
    if (sight.following[i] && fits(*sight.following[i])) found.push_back(i);
  }
  return found;
}

SteadyTime primary_since(const TopologySight& sight, std::size_t node) {
  const auto known = sight.memory.primary_since.find(sight.node(node).name);
  if (known == sight.memory.primary_since.end()) return sight.state(node).position_read.ended;
  return known->second.seen;
}

/// Whether there was a moment at which both were primary: each was first seen as one before it, and
/// again after it.
bool at_one_moment(const TopologySight& sight, std::size_t a, std::size_t b) {
  const SteadyTime both_from = std::max(primary_since(sight, a), primary_since(sight, b));
  const SteadyTime both_until =
      std::min(sight.state(a).position_read.began, sight.state(b).position_read.began);
  return elapsed(both_until, both_from) <= kFastestHandover;
}

/// The primaries that fulfil `with` together with another one; it is told whether the two share
/// their system, if that is known.
template <class With>
Nodes rivals(const TopologySight& sight, With with) {
  return those(sight.primaries, [&](std::size_t a) {
    return std::ranges::any_of(sight.primaries, [&](std::size_t b) {
      return a != b && with(a, b, same_system(sight.state(a), sight.state(b)));
    });
  });
}

// --- the conditions -----------------------------------------------------------------------------

Nodes nobody_answers(const TopologySight& sight) {
  return sight.silent.size() == sight.snapshot.nodes.size() ? sight.silent : Nodes{};
}

Nodes two_primaries(const TopologySight& sight) {
  return rivals(sight, [&](std::size_t a, std::size_t b, std::optional<bool> same) {
    return same == true && at_one_moment(sight, a, b);
  });
}

Nodes unidentified_primaries(const TopologySight& sight) {
  return rivals(sight, [&](std::size_t a, std::size_t b, std::optional<bool> same) {
    return !same && at_one_moment(sight, a, b);
  });
}

Nodes primaries_in_turn(const TopologySight& sight) {
  return rivals(sight,
                [](std::size_t, std::size_t, std::optional<bool> same) { return same != false; });
}

Nodes unrelated_primaries(const TopologySight& sight) {
  return sight.primaries.size() > 1 ? sight.primaries : Nodes{};
}

Nodes silent_primary_feeds(const TopologySight& sight) {
  if (!sight.primaries.empty()) return {};
  const bool somebody_is_fed = std::ranges::any_of(sight.standbys, [&](std::size_t i) {
    const bool by_one_that_answers = sight.following[i]->sender == SenderKind::node;
    return !by_one_that_answers && hears_its_sender(sight.node(i));
  });
  return somebody_is_fed ? sight.silent : Nodes{};
}

Nodes feed_hidden(const TopologySight& sight) {
  if (!sight.primaries.empty() || sight.silent.empty()) return {};
  return those(sight.standbys,
               [&](std::size_t i) { return sight.following[i]->sender == SenderKind::unknown; });
}

Nodes no_primary(const TopologySight& sight) {
  return sight.primaries.empty() ? sight.standbys : Nodes{};
}

Nodes unrelated_standby(const TopologySight& sight) {
  return those(sight.standbys, [&](std::size_t i) {
    return same_system(sight.state(i), sight.state(sight.primaries.front())) == false;
  });
}

Nodes wrong_upstream(const TopologySight& sight) {
  return followers(sight, [](const Following& f) { return f.reach == Reach::elsewhere; });
}

Nodes standby_missing(const TopologySight& sight) {
  return followers(sight, [](const Following& f) { return f.sender == SenderKind::none; });
}

Nodes feed_unknown(const TopologySight& sight) {
  return followers(sight, [](const Following& f) { return f.reach == Reach::unknown; });
}

Nodes cascading(const TopologySight& sight) {
  return followers(sight, [](const Following& f) { return f.reach == Reach::through_standby; });
}

Nodes all_stream(const TopologySight& sight) { return sight.primaries; }

// --- the table ----------------------------------------------------------------------------------

constexpr TopologyRow kRows[] = {
    {TopologyRule::nobody_answers, TopologyVerdict::undecidable, nobody_answers,
     "No node answered; what they are now is not known."},
    {TopologyRule::two_primaries, TopologyVerdict::split_brain, two_primaries,
     "Two nodes answered, not in recovery, with the same system identifier, and at one moment: "
     "each "
     "was seen as primary on its timeline before and after it, or both within less time than a "
     "handover takes. A silent node is never counted, so one answer cannot prove it."},
    {TopologyRule::unidentified_primaries, TopologyVerdict::undecidable, unidentified_primaries,
     "The same, but one of the two does not tell its system identifier: the row above or unrelated "
     "systems."},
    {TopologyRule::primaries_in_turn, TopologyVerdict::undecidable, primaries_in_turn,
     "Two nodes, of one system for all they tell, called themselves primary, but so far apart that "
     "the first may have "
     "stopped before the other was promoted; the next poll tells."},
    {TopologyRule::unrelated_primaries, TopologyVerdict::unrelated_systems, unrelated_primaries,
     "The rows above leave only primaries whose system identifiers differ: initdb gave each its "
     "own, so that no data of one is lost by writing to the other."},
    {TopologyRule::silent_primary_feeds, TopologyVerdict::undecidable, silent_primary_feeds,
     "No node that answers is primary, some node is silent, and a standby hears a sender that is "
     "none of those that answer: the silent one may well be the primary."},
    {TopologyRule::feed_hidden, TopologyVerdict::undecidable, feed_hidden,
     "No node that answers is primary, some node is silent, and a standby does not show whether "
     "it is being fed: nothing tells whether the silent one is the primary."},
    {TopologyRule::no_primary, TopologyVerdict::no_primary, no_primary,
     "Every node that answers is in recovery, and none hears a sender that may be a silent node: "
     "if a silent one is primary, neither the monitor nor any standby reaches it."},
    {TopologyRule::unrelated_standby, TopologyVerdict::unrelated_systems, unrelated_standby,
     "One primary answered, and a standby whose system identifier differs: a receiver refuses "
     "such a sender, so that it can never follow this primary."},
    {TopologyRule::wrong_upstream, TopologyVerdict::wrong_upstream, wrong_upstream,
     "One primary answered. The standby's receiver streams and has heard its sender since every "
     "node that answers was seen with all its walsenders and none that is, or under another name "
     "could be, the standby's; or the chain of senders is a circle."},
    {TopologyRule::standby_missing, TopologyVerdict::standby_missing, standby_missing,
     "One primary answered. The standby answers and its receiver, if it has one, hears nothing "
     "new, or it is silent; and no node that answers, all of which show all their walsenders, has "
     "one that is its."},
    {TopologyRule::feed_unknown, TopologyVerdict::undecidable, feed_unknown,
     "One primary answered. A silent standby still has its walsender, which it outlives by "
     "wal_sender_timeout, or walsenders and receiver are hidden from the monitoring role, or "
     "several connections may be its."},
    {TopologyRule::cascading, TopologyVerdict::cascading, cascading,
     "One primary answered, and by walsenders that nodes show every other one is fed by it, some "
     "through another standby. That is a way to build a cluster, and no fault."},
    {TopologyRule::all_stream, TopologyVerdict::healthy, all_stream,
     "One primary answered, and shows a walsender for every other node, each of which answered "
     "with a receiver. PostgreSQL itself checks system identifier and timeline before it streams."},
};

TopologySight look_at(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                      const std::vector<std::optional<Following>>& following) {
  TopologySight sight{snapshot, memory, following, {}, {}, {}};
  for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
    if (!sight.node(i).up()) {
      sight.silent.push_back(i);
    } else if (sight.state(i).in_recovery) {
      sight.standbys.push_back(i);
    } else {
      sight.primaries.push_back(i);
    }
  }
  return sight;
}

}  // namespace

std::span<const TopologyRow> topology_rows() { return kRows; }

Topology judge_topology(const ClusterSnapshot& snapshot, const ClusterMemory& memory,
                        const std::vector<std::optional<Following>>& following) {
  const TopologySight sight = look_at(snapshot, memory, following);
  for (const TopologyRow& row : kRows) {
    Nodes nodes = row.nodes(sight);
    if (!nodes.empty()) return {row.verdict, row.rule, std::move(nodes)};
  }
  return {};  // a cluster without nodes
}

void note_primaries(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& observation : now.nodes) {
    const NodeSnapshot& node = observation.postgres;
    if (!node.up()) continue;
    if (node.state->in_recovery) {
      memory.primary_since.erase(node.name);
      continue;
    }
    const PrimarySince seen{.timeline = node.state->timeline.value_or(0),
                            .seen = node.state->position_read.ended};
    PrimarySince& known = memory.primary_since.try_emplace(node.name, seen).first->second;
    if (seen.timeline == 0) continue;  // not told: what was told before still holds
    if (known.timeline == 0) known.timeline = seen.timeline;
    if (known.timeline != seen.timeline) known = seen;
  }
}

}  // namespace pgrepl
