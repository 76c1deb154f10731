// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "checks/analysis/bottleneck.h"
#include "checks/analysis/lsn_clock.h"
#include "checks/base/time.h"

namespace pgrepl {

/// What the lag number means.  Stands beside it always, also when there is no number.
enum class LagState {
  caught_up,         ///< nothing is missing
  streaming,         ///< receives and replays, a little behind
  catching_up,       ///< its walsender is in catchup, or it is working off a backlog
  receiver_down,     ///< nothing arrives
  paused,            ///< replay is paused
  delayed,           ///< recovery_min_apply_delay holds it back
  blocked_by_query,  ///< replay waits for a query on the standby
  archive_only,      ///< fed from the archive, not by streaming
  upstream_unknown,  ///< nobody knows how far the primary is
  unknown,           ///< the standby did not answer, or shows nothing for want of a privilege
};

inline constexpr std::array kLagStates{LagState::caught_up,        LagState::streaming,
                                       LagState::catching_up,      LagState::receiver_down,
                                       LagState::paused,           LagState::delayed,
                                       LagState::blocked_by_query, LagState::archive_only,
                                       LagState::upstream_unknown, LagState::unknown};

constexpr std::string_view to_string(LagState state) {
  switch (state) {
    case LagState::caught_up:
      return "caught_up";
    case LagState::streaming:
      return "streaming";
    case LagState::catching_up:
      return "catching_up";
    case LagState::receiver_down:
      return "receiver_down";
    case LagState::paused:
      return "paused";
    case LagState::delayed:
      return "delayed";
    case LagState::blocked_by_query:
      return "blocked_by_query";
    case LagState::archive_only:
      return "archive_only";
    case LagState::upstream_unknown:
      return "upstream_unknown";
    case LagState::unknown:
      return "unknown";
  }
  return "unknown";
}

/// A standby's lag: time by the LSN clock, and bytes by stage.
struct StandbyLag {
  LagState state = LagState::unknown;
  LagBounds time;
  std::optional<Seconds> apply_delay;  ///< recovery_min_apply_delay, if it is set; part of `time`
  std::optional<std::int64_t>
      not_replayed;  ///< bytes from the primary's position to the replayed one
  std::optional<std::int64_t> not_sent, not_written,
      not_flushed;                                    ///< bytes; as the walsender tells
  std::optional<std::int64_t> received_not_replayed;  ///< bytes; as the standby tells
  std::optional<Bottleneck> bottleneck;               ///< see bottleneck_of()

  bool operator==(const StandbyLag&) const = default;
};

}  // namespace pgrepl
