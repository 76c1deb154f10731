// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/judge/judge.h"
#include "exporter/app/memory_keeper.h"
#include "exporter/app/memory_writer.h"
#include "exporter/collect/poller.h"
#include "exporter/config/config.h"
#include "exporter/publish/report_board.h"

namespace pgrepl {

/// What is done with every finished poll: remembered, concluded, judged, rendered, published, and
/// kept over a restart.  Thread-safe: the poller's thread brings polls, the main thread
/// configurations, a third one announcements.
class PollDesk {
 public:
  /// The desk loads from `keeper`, and saves through `writer`, which writes to it.  All must
  /// outlive the desk.
  PollDesk(ReportBoard& board, MemoryKeeper& keeper, MemoryWriter& writer);

  /// Takes over a configuration: memory of clusters that stay is kept, new ones get theirs from the
  /// store.  One thread at a time.
  void configure(const Config& config, Instant now);

  /// A reload that was refused: the old configuration stays in force, and the page says so.
  void configuration_refused();

  /// Takes over what commands have announced; of a cluster that is left out, what was known still
  /// holds.  Reports that change by it are published anew at once.  Does not wait for the disk.
  void take(const Announcements& announced, Instant now);

  /// Works a poll up into a report and says how soon the cluster wants to be polled again.
  Pace take(ClusterPoll poll);

  /// Stores every cluster's memory.  Waits for the disk, but not longer than about a second.
  void store_all(Instant now);

 private:
  struct Cluster {
    ClusterPolicy policy;  ///< as configured
    Thresholds thresholds;
    ClusterMemory memory;
    std::shared_ptr<const ClusterReport> report;  ///< the last one; null: none yet
    std::vector<NodePollStats> stats;
    std::optional<Instant> first_poll;  ///< since the memory is ours
    bool announced = false;             ///< its first report has been logged
    std::optional<Maintenance> logged;  ///< the one logged last; absent: none, or its end
    SteadyTime stored;                  ///< when its memory was last handed to the writer
  };

  std::map<std::string, ClusterMemory> load_new(const Config& config, Instant now);
  bool write_out(Instant now, bool only_joined);
  bool take_found(const std::string& name, Cluster& cluster, Instant now);
  void store(const std::string& name, Cluster& cluster, Instant now);
  void log_maintenance(Cluster& cluster, const ClusterPolicy& in_force, WallTime now);
  void publish(Cluster& cluster, ClusterReport report);
  void publish_self(Instant now);

  ReportBoard& board_;
  MemoryKeeper& keeper_;
  MemoryWriter& writer_;
  std::mutex mutex_;
  std::map<std::string, Cluster> clusters_;
  Announcements announced_;
  ExporterSnapshot self_;
  SteadyTime self_published_;
};

}  // namespace pgrepl
