// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "checks/analysis/lag_history.h"
#include "checks/base/time.h"

namespace pgrepl {

struct ClusterMemory;
struct ClusterSnapshot;
struct StandbyLag;

/// Where a standby's lag is heading.
enum class LagTrend {
  level,      ///< there is nothing worth working off, see is_level()
  shrinking,  ///< the standby catches up
  steady,     ///< it will never catch up at this rate
  growing,    ///< it falls further behind
};

inline constexpr std::array kLagTrends{LagTrend::level, LagTrend::shrinking, LagTrend::steady,
                                       LagTrend::growing};

constexpr std::string_view to_string(LagTrend trend) {
  switch (trend) {
    case LagTrend::level:
      return "level";
    case LagTrend::shrinking:
      return "shrinking";
    case LagTrend::steady:
      return "steady";
    case LagTrend::growing:
      return "growing";
  }
  return "level";
}

/// What becomes of a standby's lag if everything goes on as it does.
struct LagForecast {
  std::optional<LagTrend> trend;      ///< absent: not watched for long enough
  std::optional<double> growth;       ///< bytes/s over the last minute, negative while it shrinks
  std::optional<double> replay_rate;  ///< bytes/s over the last minute
  std::optional<Seconds> catch_up;    ///< 0 while it is caught up; absent unless the lag shrinks
  Seconds growing_for{0};             ///< see LagHistory::growing_for()

  bool operator==(const LagForecast&) const = default;
};

/// Adds what this poll shows of every standby's lag to its history.
void note_lag(ClusterMemory& memory, const ClusterSnapshot& now);

/// What is to be expected of a lag whose history reaches up to this very poll.  Empty where the lag
/// has no bytes: nobody knows how far the primary is now.  Pure.
LagForecast forecast(const StandbyLag& lag, const LagHistory& history);

}  // namespace pgrepl
