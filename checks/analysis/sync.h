// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/analysis/sync_names.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

struct ClusterAnalysis;

/// What the commits of one primary wait for, and who is there for them.
struct PrimarySync {
  std::optional<SyncNames> demand;  ///< absent: the setting was not read, or is not understood
  /// The application_names that commits count on: sync or quorum.  Absent: the walsenders are
  /// hidden.
  std::optional<std::vector<std::string>> counted_on;

  /// How many standbys a commit waits for; absent if the demand is.
  std::optional<int> required() const {
    if (!demand) return std::nullopt;
    return demand->count;
  }
  /// Whether at least one standby is counted on, and no fewer than are demanded.  Absent: hidden.
  std::optional<bool> is_safe() const;

  bool operator==(const PrimarySync&) const = default;
};

/// What a node's own synchronous_standby_names does to commits while it is the primary, provided
/// that all others who could stream from it do.
enum class SyncOutlook {
  fine,     ///< they wait for nodes that can be there
  async,    ///< it is empty: they silently wait for nobody
  blocked,  ///< it names too few who could be there, such as the node itself: every commit hangs
  unknown,  ///< it was not read, or names somebody who may be a node under another name
};

inline constexpr std::array kSyncOutlooks{SyncOutlook::fine, SyncOutlook::async,
                                          SyncOutlook::blocked, SyncOutlook::unknown};

constexpr std::string_view to_string(SyncOutlook outlook) {
  switch (outlook) {
    case SyncOutlook::fine:
      return "fine";
    case SyncOutlook::async:
      return "async";
    case SyncOutlook::blocked:
      return "blocked";
    case SyncOutlook::unknown:
      return "unknown";
  }
  return "unknown";
}

/// What the setting of a node that answered demands; absent if it was not read, or is not
/// understood.  Pure.
std::optional<SyncNames> demand_of(const NodeState& node);

/// Concludes what is demanded of synchronous standbys, who fulfils it on each primary, and what
/// each node's own setting does once it is the primary.  To be called when roles are known and
/// walsenders matched.  Pure.
void conclude_sync(ClusterAnalysis& all, const ClusterSnapshot& now, const ClusterMemory& memory,
                   const ClusterPolicy& policy);

}  // namespace pgrepl
