// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/lag_causes.h"

#include <algorithm>

#include "checks/analysis/history.h"

namespace pgrepl::catalogue {

std::string_view likely_cause(const StandbyLag& lag) {
  switch (lag.state) {
    case LagState::receiver_down:
      return "receiver_down";
    case LagState::archive_only:
      return "archive_only";
    case LagState::paused:
      return "replay_paused";
    case LagState::blocked_by_query:
      return "blocked_by_query";
    case LagState::unknown:
      return "";
    default:
      break;
  }
  if (lag.bottleneck == Bottleneck::network) return "network";
  return lag.bottleneck == Bottleneck::standby_disk ? "standby_disk" : "slow_replay";
}

std::string_view bottleneck_text(const StandbyLag& lag) {
  switch (lag.bottleneck.value_or(Bottleneck::none)) {
    case Bottleneck::network:
      return ": the network is slow";
    case Bottleneck::standby_disk:
      return ": the disk of the standby is slow";
    case Bottleneck::replay:
      return ": replay is slow";
    case Bottleneck::none:
      break;
  }
  return "";
}

std::optional<double> judged(const std::optional<Seconds>& time, const StandbyLag& lag) {
  if (!time) return std::nullopt;
  return std::max(0.0, (*time - lag.apply_delay.value_or(Seconds{0})).count());
}

std::optional<Because> why_not_measured(const CheckFacts& facts, std::size_t standby) {
  if (auto nobody = no_single_primary(facts)) return nobody;
  const NodeSnapshot& node = facts.snapshot.nodes[standby].postgres;
  const NodeSnapshot& primary = facts.snapshot.nodes[*facts.analysis.primary()].postgres;
  if (same_system(*node.state, *primary.state) == false)
    return node.name + " and " + primary.name + " are of different systems";
  const auto& timeline = facts.analysis.nodes[standby].timeline;
  const bool parted =
      timeline && (timeline->descent == Descent::forked || timeline->descent == Descent::ahead);
  if (parted) return "the histories of " + node.name + " and " + primary.name + " part";
  return std::nullopt;
}

Reading blame_limits(const NodeAnalysis& standby, Reading reading) {
  if (reading.cause != "replay_paused" || !standby.settings) return reading;
  for (const SettingFinding& finding : standby.settings->misses) {
    if (finding.miss != SettingMiss::below_primary) continue;
    reading.cause = "limit_below_primary";
    reading.summary += ": " + finding.text;
    break;
  }
  return reading;
}

}  // namespace pgrepl::catalogue
