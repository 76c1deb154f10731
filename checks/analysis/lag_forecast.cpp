// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag_forecast.h"

#include <algorithm>
#include <cmath>

#include "checks/analysis/bottleneck.h"
#include "checks/analysis/lag.h"

namespace pgrepl {
namespace {

/// A lag that changes by less than this share of itself, or by less than a page, in a minute
/// neither grows nor shrinks.
constexpr double kSteadyShare = 0.01;
constexpr double kPage = 8192;
constexpr double kMinute = 60;

std::optional<LagTrend> trend_of(const StandbyLag& lag, const std::optional<double>& growth) {
  if (is_level(lag)) return LagTrend::level;
  if (!growth) return std::nullopt;
  const auto missing = static_cast<double>(*lag.not_replayed);
  if (std::abs(*growth) * kMinute < std::max(kPage, kSteadyShare * missing))
    return LagTrend::steady;
  return *growth > 0 ? LagTrend::growing : LagTrend::shrinking;
}

std::vector<std::size_t> primaries_of(const ClusterSnapshot& now) {
  std::vector<std::size_t> primaries;
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeSnapshot& node = now.nodes[i].postgres;
    if (node.up() && !node.state->in_recovery) primaries.push_back(i);
  }
  return primaries;
}

void note_lag_of(ClusterMemory& memory, const NodeSnapshot& standby, const Upstream& upstream) {
  // Whose sender that is, is not known here; the history is read only beside a lag that is known.
  const StandbyLag lag =
      standby_lag(standby, {.from_primary = hears_its_sender(standby)}, upstream);
  if (!lag.not_replayed) return;
  const std::uint32_t timeline = upstream.clock->timeline();
  LagHistory& history =
      memory.lag_history.try_emplace(standby.name, LagHistory(timeline)).first->second;
  if (history.timeline() != timeline) history = LagHistory(timeline);
  history.add(standby.state->position_read.ended, *standby.state->replay_lsn, *lag.not_replayed);
}

}  // namespace

void note_lag(ClusterMemory& memory, const ClusterSnapshot& now) {
  const Upstream upstream = find_upstream(now, memory, primaries_of(now));
  for (const NodeObservation& node : now.nodes) {
    const NodeSnapshot& standby = node.postgres;
    if (!standby.up()) continue;  // it may be back before its history is too old
    if (standby.state->in_recovery) {
      note_lag_of(memory, standby, upstream);
    } else {
      memory.lag_history.erase(standby.name);
    }
  }
}

LagForecast forecast(const StandbyLag& lag, const LagHistory& history) {
  LagForecast all;
  if (!lag.not_replayed) return all;
  all.growth = history.growth();
  all.replay_rate = history.replay_rate();
  all.trend = trend_of(lag, all.growth);
  if (all.trend == LagTrend::shrinking) {
    all.catch_up = Seconds{static_cast<double>(*lag.not_replayed) / -*all.growth};
  }
  if (lag.state == LagState::caught_up) all.catch_up = Seconds{0};
  all.growing_for = history.growing_for();
  return all;
}

}  // namespace pgrepl
