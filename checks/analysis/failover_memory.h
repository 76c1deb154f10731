// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "checks/base/lsn.h"
#include "checks/base/time.h"

// What is remembered of the primary and its failover; see failover.h for what it means.
namespace pgrepl {

/// A moment that is known only to lie between two readings.
struct Moment {
  SteadyTime after;
  SteadyTime by;

  bool operator==(const Moment&) const = default;
};

/// How a primary went.
enum class Departure {
  announced,  ///< it said that it was being stopped
  demoted,    ///< it answered as a standby, and had not been missed before
  unheard,    ///< no answer in time
  broke_off,  ///< nothing listens, or it is in crash recovery, and it had not said a word
  other,      ///< it is there and turns us away, or its name has no address
};

inline constexpr std::array kDepartures{Departure::announced, Departure::demoted,
                                        Departure::unheard, Departure::broke_off, Departure::other};

constexpr std::string_view to_string(Departure departure) {
  switch (departure) {
    case Departure::announced:
      return "announced";
    case Departure::demoted:
      return "demoted";
    case Departure::unheard:
      return "unheard";
    case Departure::broke_off:
      return "broke_off";
    case Departure::other:
      return "other";
  }
  return "other";
}

/// What became of the primary's place.
enum class FailoverKind {
  crash,       ///< the old primary, its machine or the way to it failed
  switchover,  ///< the old primary was stopped or demoted in order
  unknown,     ///< what was seen fits both
};

inline constexpr std::array kFailoverKinds{FailoverKind::crash, FailoverKind::switchover,
                                           FailoverKind::unknown};

constexpr std::string_view to_string(FailoverKind kind) {
  switch (kind) {
    case FailoverKind::crash:
      return "crash";
    case FailoverKind::switchover:
      return "switchover";
    case FailoverKind::unknown:
      return "unknown";
  }
  return "unknown";
}

/// The only primary of late, until another one is.
struct SolePrimary {
  std::string node;
  SteadyTime alive;  ///< a reading that found it primary began then
  std::optional<Lsn> position;
  bool synchronous = false;  ///< commits waited for a standby

  std::optional<SteadyTime> gone_by;       ///< end of the first poll that did not find it primary
  Departure departure = Departure::other;  ///< once it is gone

  std::string rival;  ///< another node that became primary beside it; empty: none
  std::optional<Moment> rival_promoted;

  bool operator==(const SolePrimary&) const = default;
};

/// A change of the primary, as far as it has come.  Absent phases have not been reached.
struct Failover {
  WallTime at;  ///< when the loss was seen
  std::string old_primary, new_primary;
  FailoverKind kind = FailoverKind::unknown;
  std::string why;           ///< what the kind was concluded from
  bool synchronous = false;  ///< commits had waited for a standby before
  Moment fault;
  Moment promoted;
  std::optional<Moment> accepting_writes, standby_back, sync_again;
  SteadyTime looked;  ///< the absent phases had not been reached then

  bool operator==(const Failover&) const = default;
};

}  // namespace pgrepl
