// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "checks/model/cluster_snapshot.h"
#include "exporter/collect/poller.h"
#include "exporter/config/config.h"
#include "tests/support/postgres_pair.h"

namespace pgrepl::test {

/// How tests reach a server as the monitor role; the password is the right one unless another is
/// given.
NodeConfig node_config(const std::string& name, int port,
                       const std::string& password = kMonitorPassword);

/// The pair as the configuration describes it.
ClusterConfig cluster_config(PostgresPair& pair);
ClusterConfig cluster_config(std::vector<NodeConfig> nodes);

/// Quick enough for tests, slow enough for a busy machine.
ExporterConfig quick_exporter();

/// A poller that runs on its own thread for as long as this object lives, and what it has seen.
class RunningPoller {
 public:
  RunningPoller(const ExporterConfig& exporter, std::vector<ClusterConfig> clusters,
                Pace pace = Pace::calm);
  ~RunningPoller();
  RunningPoller(const RunningPoller&) = delete;
  RunningPoller& operator=(const RunningPoller&) = delete;

  /// The first snapshot from now on that fulfils the condition.  Absent: none did in time.
  std::optional<ClusterSnapshot> wait_for(
      const std::function<bool(const ClusterSnapshot&)>& condition,
      std::chrono::milliseconds limit = std::chrono::seconds(20));
  /// The same, where the one that follows the first `polls` polls counts too.
  std::optional<ClusterSnapshot> wait_after(
      std::size_t polls, const std::function<bool(const ClusterSnapshot&)>& condition,
      std::chrono::milliseconds limit = std::chrono::seconds(20));
  /// The next one that is finished from now on.
  std::optional<ClusterSnapshot> next();

  /// The latest counters, in the order of the nodes.
  std::vector<NodePollStats> stats() const;
  std::size_t polls() const;
  Poller& poller() { return poller_; }

 private:
  mutable std::mutex mutex_;  ///< guards the three below
  std::optional<ClusterSnapshot> latest_;
  std::vector<NodePollStats> stats_;
  std::size_t polls_ = 0;

  Poller poller_;
  std::jthread thread_;  ///< last: it uses all of the above
};

/// The failure of a node in a snapshot, for a readable comparison; "up" when there is none.
std::string failure_class(const ClusterSnapshot& snapshot, std::size_t node);
bool both_up(const ClusterSnapshot& snapshot);

/// Descriptors that this process has open.
std::size_t open_descriptors();

/// Kills the standby, the second node of that cluster, between two polls that are 60 s apart: only
/// the closed socket tells so soon.  Nobody starts it again.
void expect_kill_of_standby_is_noticed_at_once(const ClusterConfig& cluster,
                                               PostgresServer& standby);

}  // namespace pgrepl::test
