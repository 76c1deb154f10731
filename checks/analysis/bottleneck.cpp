// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/bottleneck.h"

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {
namespace {

constexpr Seconds kLevel{1};
constexpr std::int64_t kWalFile = 16 << 20;

/// A walsender sends at most 128 kB in a message (MAX_SEND_SIZE).
constexpr std::int64_t kTwoMessages = 256 << 10;

Bottleneck by_stage(const StandbyLag& lag) {
  const std::int64_t waits_for_replay = lag.received_not_replayed.value_or(0);
  const std::int64_t not_received = lag.not_replayed.value_or(waits_for_replay) - waits_for_replay;
  if (waits_for_replay >= not_received) return Bottleneck::replay;
  return lag.not_flushed.value_or(0) > kTwoMessages ? Bottleneck::standby_disk
                                                    : Bottleneck::network;
}

}  // namespace

bool is_level(const StandbyLag& lag) {
  if (lag.time.caught_up) return true;
  const bool short_time = lag.time.estimate && *lag.time.estimate < kLevel;
  return short_time && lag.not_replayed.value_or(0) < kWalFile;
}

std::optional<Bottleneck> bottleneck_of(const StandbyLag& lag) {
  switch (lag.state) {
    case LagState::upstream_unknown:
    case LagState::unknown:
      return std::nullopt;
    case LagState::streaming:
    case LagState::catching_up:
      return is_level(lag) ? Bottleneck::none : by_stage(lag);
    default:
      return Bottleneck::none;
  }
}

}  // namespace pgrepl
