// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

struct ClusterAnalysis;

/// What a node's settings may lack for the guide's replication, the worst first.
enum class SettingMiss {
  wal_level_minimal,  ///< primary: its WAL holds too little for a standby
  no_walsenders,      ///< primary: max_wal_senders is 0
  cannot_feed,        ///< standby: either of these, so that nobody could follow it
  below_primary,      ///< standby: a limit below the primary's, at which replay stops
  weak_commit,        ///< synchronous_commit is weaker than on where sync is required
  few_walsenders,     ///< max_wal_senders is below 5
  little_wal_kept,    ///< primary: no slot, and wal_keep_size below 1 GB
  hot_standby_off,    ///< as a standby it would answer no query, nor the monitor
};

struct SettingFinding {
  SettingMiss miss = SettingMiss::wal_level_minimal;
  std::string text;  ///< "max_connections is 50, and 100 on a1"

  bool operator==(const SettingFinding&) const = default;
};

/// A node's settings beside what is demanded of them.
struct SettingsAnalysis {
  std::vector<SettingFinding> misses;  ///< the worst first
  /// Roles and databases whose own synchronous_commit is weaker than on.  Absent: not read, sync is
  /// not required, or the node is a standby, which has them from its primary.
  std::optional<int> weak_overrides;
  std::string weak_names;                   ///< "role batch, database reports", possibly cut off
  std::optional<std::string> not_all_seen;  ///< why some of it could not be looked at

  bool operator==(const SettingsAnalysis&) const = default;
};

/// Concludes what the settings of each node that answered lack, and adds advice.  To be called when
/// roles are known and conclude_sync() has been.  Pure.
void conclude_settings(ClusterAnalysis& all, const ClusterSnapshot& now);

}  // namespace pgrepl
