// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/split_brain.h"

#include <algorithm>

#include "checks/base/text.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/rejoin.h"

namespace pgrepl::catalogue {
namespace {

const NodeSnapshot& node(const CheckFacts& facts, std::size_t i) {
  return facts.snapshot.nodes[i].postgres;
}

std::string place_of(const NodeSnapshot& primary) {
  const NodeState& state = *primary.state;
  std::string text = primary.name;
  if (state.timeline) text += " on timeline " + std::to_string(*state.timeline);
  if (state.current_wal_flush_lsn) text += " at " + to_string(*state.current_wal_flush_lsn);
  return text;
}

/// "a3 streams from a2", for every node that one of the primaries sends to.
std::vector<std::string> streams(const CheckFacts& facts) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const auto& following = facts.analysis.nodes[i].following;
    if (!following || following->sender != SenderKind::node) continue;
    found.push_back(node(facts, i).name + " streams from " + node(facts, *following->node).name);
  }
  return found;
}

/// Where the rivals' histories part, if that was seen.
std::string fork_of(const CheckFacts& facts) {
  for (const std::size_t i : facts.analysis.topology.nodes) {
    const auto& timeline = facts.analysis.nodes[i].timeline;
    if (timeline && timeline->fork) return "; " + fork_text(timeline->fork);
  }
  return "";
}

/// The rivals, the one on the lowest timeline first.
std::vector<std::size_t> by_timeline(const CheckFacts& facts) {
  std::vector<std::size_t> rivals = facts.analysis.topology.nodes;
  std::ranges::stable_sort(
      rivals, {}, [&](std::size_t i) { return node(facts, i).state->timeline.value_or(0); });
  return rivals;
}

}  // namespace

std::string split_brain_evidence(const CheckFacts& facts) {
  const auto& rivals = facts.analysis.topology.nodes;
  std::vector<std::string> places;
  for (const std::size_t i : rivals) places.push_back(place_of(node(facts, i)));
  const std::vector<std::string> fed = streams(facts);
  const auto& system = node(facts, rivals.front()).state->system_identifier;
  return (system ? "of system " + *system : "of one system") + ": " + join(places, ", ") +
         fork_of(facts) + "; " + (fed.empty() ? "nobody streams from them" : join(fed, ", "));
}

std::vector<std::pair<std::string, std::string>> split_brain_names(const CheckFacts& facts) {
  const std::vector<std::size_t> rivals = by_timeline(facts);
  const NodeSnapshot& older = node(facts, rivals.front());
  const auto& timeline = facts.analysis.nodes[rivals.front()].timeline;
  const bool known = timeline && timeline->fork;
  return {{"older", older.name},
          {"newer", node(facts, rivals.back()).name},
          {"older_timeline",
           older.state->timeline ? std::to_string(*older.state->timeline) : "TIMELINE"},
          {"fork", known ? to_string(timeline->fork->at_least) : "LSN_OF_THE_FORK"},
          rejoin_names(facts, rivals.front()).front()};
}

}  // namespace pgrepl::catalogue
