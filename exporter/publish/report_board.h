// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "checks/judge/judge.h"
#include "checks/model/exporter_snapshot.h"

namespace pgrepl {

/// A cluster's lines of every family of the catalogue, parallel to facts(): without HELP and TYPE.
using FamilyLines = std::vector<std::string>;

/// What is published of one cluster: rendered once per poll, picked by the clock when it is read.
struct PublishedCluster {
  std::string name;
  std::shared_ptr<const ClusterReport> report;  ///< null before the first poll
  FamilyLines fresh;
  FamilyLines stale;  ///< all statuses UNKNOWN, no values: a stuck poller can never serve green
  SteadyTime valid_until;

  /// Whether the report may no longer be believed.  Never before the first poll: nothing is
  /// claimed.
  bool stale_at(SteadyTime now) const { return report != nullptr && now > valid_until; }
};

/// Everything published at one moment.  Immutable.
struct Board {
  std::vector<std::shared_ptr<const PublishedCluster>>
      clusters;                                      ///< in the order of the configuration
  std::shared_ptr<const ExporterSnapshot> exporter;  ///< never null
};

/// The one thing that poller and HTTP threads share.  Publishing costs the same however many
/// clusters there are: the list that readers get is made when it is read.  Thread-safe.
class ReportBoard {
 public:
  ReportBoard();

  /// Never null; the same object until something changes.
  std::shared_ptr<const Board> read() const;

  /// Replaces one cluster's unit.  Nothing happens if the cluster is not on the board: a reload
  /// took it away while it was being polled.
  void publish(std::shared_ptr<const PublishedCluster> cluster);

  /// Replaces the exporter's own facts.
  void publish(ExporterSnapshot exporter);

  /// Puts up the configured clusters, in order; units of the same name stay, others go or come
  /// empty.
  void configure(const std::vector<std::string>& clusters);

 private:
  mutable std::mutex mutex_;
  Board next_;                                 ///< what the next reader gets
  std::map<std::string, std::size_t> index_;   ///< a cluster's place in next_.clusters
  mutable std::shared_ptr<const Board> last_;  ///< what the last reader got; null after a change
};

}  // namespace pgrepl
