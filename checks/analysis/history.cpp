// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/history.h"

#include <cmath>
#include <utility>

namespace pgrepl {
namespace {

constexpr char kSince[] = " since ";  // no system identifier has a blank

void recall(NodeSnapshot& node, const LastAnswer& before, bool was_primary) {
  NodeState& state = *node.state;
  const auto started = started_us(state);
  if (!started || started != before.postmaster_start_us) return;
  if (!state.system_identifier && !before.system_identifier.empty()) {
    state.system_identifier = before.system_identifier;
  }
  const bool keeps_timeline = was_primary && !state.in_recovery;
  if (!state.timeline && keeps_timeline && before.timeline != 0) state.timeline = before.timeline;
}

}  // namespace

std::optional<bool> same_system(const NodeState& a, const NodeState& b) {
  if (!a.system_identifier || !b.system_identifier) return std::nullopt;
  return a.system_identifier == b.system_identifier;
}

std::optional<std::int64_t> started_us(const NodeState& state) {
  if (!state.postmaster_start_timestamp) return std::nullopt;
  return std::llround(*state.postmaster_start_timestamp * 1e6);
}

ClusterSnapshot with_recalled_histories(ClusterSnapshot now, const ClusterMemory& memory) {
  for (NodeObservation& observation : now.nodes) {
    NodeSnapshot& node = observation.postgres;
    const auto before = memory.last_answer.find(node.name);
    if (!node.up() || before == memory.last_answer.end()) continue;
    const auto role = memory.last_role.find(node.name);
    recall(node, before->second, role != memory.last_role.end() && role->second == "primary");
  }
  return now;
}

std::optional<History> written_history(const NodeSnapshot& primary) {
  const NodeState& state = *primary.state;
  if (state.system_identifier && state.timeline) {
    return History{*state.system_identifier, *state.timeline};
  }
  auto run = run_of(primary);
  if (!run) return std::nullopt;
  return History{std::move(*run), state.timeline.value_or(0)};
}

std::optional<std::string> run_of(const NodeSnapshot& node) {
  const auto started = started_us(*node.state);
  if (!started) return std::nullopt;
  return node.name + kSince + std::to_string(*started);
}

bool is_of_a_run(const LsnClock& clock) {
  return clock.system_identifier().find(kSince) != std::string::npos;
}

}  // namespace pgrepl
