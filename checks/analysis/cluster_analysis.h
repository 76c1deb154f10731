// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/analysis/advice.h"
#include "checks/analysis/base_backup.h"
#include "checks/analysis/commit_stall.h"
#include "checks/analysis/data_loss.h"
#include "checks/analysis/disk_forecast.h"
#include "checks/analysis/failover.h"
#include "checks/analysis/following.h"
#include "checks/analysis/lag_forecast.h"
#include "checks/analysis/memory.h"
#include "checks/analysis/readiness.h"
#include "checks/analysis/settings.h"
#include "checks/analysis/slot_owner.h"
#include "checks/analysis/standby_lag.h"
#include "checks/analysis/sync.h"
#include "checks/analysis/timeline.h"
#include "checks/analysis/topology.h"
#include "checks/analysis/wal_use.h"
#include "checks/analysis/walsender_kind.h"
#include "checks/analysis/way_back.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/cluster_snapshot.h"

namespace pgrepl {

enum class Role { primary, standby, unknown };

constexpr std::string_view to_string(Role role) {
  return role == Role::primary ? "primary" : role == Role::standby ? "standby" : "unknown";
}

/// By what a standby was recognised among the primary's walsenders.
enum class MatchedBy { application_name, slot, address };

/// Where a configured standby stands in the pg_stat_replication of the node that sends to it.
struct WalsenderMatch {
  std::size_t node = 0;  ///< index of that node in the snapshot: the primary, or another standby
  std::size_t row = 0;   ///< index into its wal_senders
  MatchedBy by = MatchedBy::application_name;

  bool operator==(const WalsenderMatch&) const = default;
};

/// What is concluded of one slot; stands parallel to NodeState::slots.
struct SlotAnalysis {
  std::optional<std::int64_t>
      retained;  ///< bytes from restart_lsn to this node's position; absent once lost
  std::optional<Seconds>
      inactive_for;  ///< PostgreSQL's own since 17, by our clock before; absent while active
  SlotUse use;       ///< whose it is
  /// When max_slot_wal_keep_size takes it, and when the filesystem of pg_wal is full: of an unused
  /// one, while WAL is written as over the last half hour; of one in use, while its standby falls
  /// behind as over the last minute.  Absent: not known, or never.
  std::optional<Seconds> lost_in, disk_full_in;

  bool operator==(const SlotAnalysis&) const = default;
};

/// What is concluded of one walsender; stands parallel to NodeState::wal_senders.
struct WalsenderAnalysis {
  WalsenderKind kind = WalsenderKind::standby;
  /// Since when no new reply has come, by our clock, which no skew between nodes disturbs: at least
  /// so long.  Absent: the walsender has had none yet, or it is hidden.
  std::optional<Seconds> silent_for;

  bool operator==(const WalsenderAnalysis&) const = default;
};

/// What is concluded of one node; stands parallel to ClusterSnapshot::nodes.
struct NodeAnalysis {
  Role role = Role::unknown;
  Role last_role = Role::unknown;  ///< of a silent node: when it was last heard
  std::optional<Lsn> position;  ///< primary: flushed; standby: the greater of received and replayed
  std::optional<StandbyLag> lag;  ///< present on every node that is not known to be a primary
  std::optional<WalsenderMatch> walsender;   ///< its row on the node that sends to it
  std::optional<LagForecast> lag_forecast;   ///< present as `lag` is
  std::optional<DataLoss> loss;              ///< present on a standby that could take over
  std::optional<Following> following;        ///< absent on a node that calls itself primary
  std::optional<TimelineAnalysis> timeline;  ///< see compare_timelines()
  std::vector<WalsenderAnalysis> wal_senders;
  std::vector<BaseBackup> base_backups;  ///< that it is sending
  std::vector<SlotAnalysis> slots;
  std::optional<WalUse> wal_use;            ///< present while the size of pg_wal is known
  std::vector<DiskForecast> disks;          ///< parallel to the host's directories
  std::optional<PrimarySync> sync;          ///< present on every node that says it is primary
  std::optional<SyncOutlook> sync_outlook;  ///< present on every node that answered
  std::size_t sync_rep_waiters = 0;
  std::optional<Seconds> longest_sync_rep_wait;  ///< by our clock; absent: none waits
  std::optional<CommitStall> commit_stall;       ///< why they wait; absent: none waits
  std::optional<SettingsAnalysis> settings;      ///< present on every node that answered
  std::optional<Seconds> archive_trouble_for;    ///< by our clock; see archive_in_trouble()

  /// Whether its WAL comes from the primary, be it by way of other standbys.
  bool is_fed() const { return following && following->from_primary(); }

  bool operator==(const NodeAnalysis&) const = default;
};

/// What the nodes' answers mean together.
struct ClusterAnalysis {
  std::vector<std::size_t> primaries;  ///< indices of the nodes that said they are primary
  std::vector<std::size_t> silent;     ///< indices of the nodes that did not answer
  std::vector<NodeAnalysis> nodes;
  Topology topology;                          ///< what they are together
  std::optional<ForkInterval> last_fork;      ///< the only primary's last promotion, if it was seen
  std::optional<double> wal_generation_rate;  ///< bytes/s of the only primary, over the last minute
  /// Whether the policy, or what has been seen, demands a synchronous standby.  Absent: not known,
  /// for none was ever seen and the primary's own setting could not be read.
  std::optional<bool> sync_required;
  std::optional<LastFailover> failover;               ///< absent: none has been seen
  std::vector<JournalEntry> journal;                  ///< oldest first, at most kMaxJournal
  std::map<std::string, std::uint64_t> event_counts;  ///< by kind, since the memory began
  Readiness readiness;                                ///< whether a standby could take over
  std::vector<WayBack> ways_back;                     ///< see conclude_ways_back()
  std::vector<Advice> advice;  ///< what would be better otherwise, and is judged by no check

  /// The only node that says it is the primary; absent if none or several do.
  std::optional<std::size_t> primary() const {
    if (primaries.size() != 1) return std::nullopt;
    return primaries.front();
  }
  bool operator==(const ClusterAnalysis&) const = default;
};

/// What the snapshot means, given what is remembered.  Times are those of `now`.  Pure.
ClusterAnalysis analyze(const ClusterSnapshot& now, const ClusterMemory& before,
                        const ClusterPolicy& policy);

/// The memory after this poll: the clocks fed, first-seen times set or dropped, the journal
/// written. Holds are the judge's and pass through untouched.  To be called before analyze(), whose
/// answer may use what this very poll has shown.  Pure.
ClusterMemory remember(ClusterMemory before, const ClusterSnapshot& now);

}  // namespace pgrepl
