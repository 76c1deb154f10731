// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace pgrepl {

struct StandbyLag;

/// What holds up most of the WAL that a standby is missing: the guide asks for the network, the
/// standby's disk, or replay.
enum class Bottleneck {
  none,          ///< nothing that a machine could do faster, see bottleneck_of()
  network,       ///< WAL waits to be sent, or is on its way
  standby_disk,  ///< WAL arrives faster than it is flushed
  replay,        ///< WAL is on the standby's disk and waits to be replayed
};

inline constexpr std::array kBottlenecks{Bottleneck::none, Bottleneck::network,
                                         Bottleneck::standby_disk, Bottleneck::replay};

constexpr std::string_view to_string(Bottleneck bottleneck) {
  switch (bottleneck) {
    case Bottleneck::none:
      return "none";
    case Bottleneck::network:
      return "network";
    case Bottleneck::standby_disk:
      return "standby_disk";
    case Bottleneck::replay:
      return "replay";
  }
  return "none";
}

/// Whether a lag is what any healthy pair shows under load: caught up, or less than a second and a
/// WAL file behind.  Pure.
bool is_level(const StandbyLag& lag);

/// Where most of the lag lies.
///
/// Replay, if most of it is on the standby already: that queue is as long as the disk is large.
/// What has not got that far queues on the primary, whether the network or the standby's disk is
/// slow, for the receiver reads nothing while it flushes.  They are told apart by what it had to
/// flush at once: no more than a message or two while it waits for the network, all that the socket
/// held while it waits for the disk.
///
/// None while the lag is level, or where its state names another reason (paused, no receiver ...).
/// Absent while nobody knows how far the primary is.  Pure.
std::optional<Bottleneck> bottleneck_of(const StandbyLag& lag);

}  // namespace pgrepl
