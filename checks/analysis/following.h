// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

/// Who sends a node its WAL.
enum class SenderKind {
  node,         ///< a node that answers: it shows a walsender for this one
  silent_node,  ///< a node that does not answer: the receiver names its address, and hears it
  stranger,     ///< a server that is none of the nodes that answer: the receiver hears it
  none,         ///< nobody, as far as is proved: no walsender is its, and it hears nothing new
  unknown,      ///< hidden from the monitoring role, or not to be told apart
};

/// Where the chain of senders ends that a node hangs on.
enum class Reach {
  primary,          ///< at a primary, which sends to it directly
  through_standby,  ///< at a primary, with other standbys in between
  elsewhere,        ///< at a server that is no primary of this cluster, or in a circle
  nothing,          ///< at a standby that nobody sends to
  unknown,
};

/// By Reach.
inline constexpr std::array<std::string_view, 5> kReaches{"primary", "through_standby", "elsewhere",
                                                          "nothing", "unknown"};

constexpr std::string_view to_string(Reach reach) {
  return kReaches[static_cast<std::size_t>(reach)];
}

/// Whom a node follows.
struct Following {
  SenderKind sender = SenderKind::unknown;
  /// Index of the sender; of an unknown one: the node that goes on showing a walsender for this
  /// silent one.
  std::optional<std::size_t> node;
  Reach reach = Reach::unknown;

  /// What the primary writes reaches the node, perhaps through other standbys.
  bool from_primary() const { return reach == Reach::primary || reach == Reach::through_standby; }

  bool operator==(const Following&) const = default;
};

/// Whom each node follows, parallel to the snapshot's nodes; absent for a node that calls itself
/// primary.  A walsender proves who sends; the address that a receiver names is evidence only, for
/// it may be virtual, or one of several.  Pure.
std::vector<std::optional<Following>> who_follows_whom(const ClusterSnapshot& snapshot,
                                                       const ClusterMemory& memory,
                                                       const ClusterPolicy& policy);

/// Remembers since when no server that answers has had a walsender that may serve a standby.
void note_unserved(ClusterMemory& memory, const ClusterSnapshot& now);

}  // namespace pgrepl
