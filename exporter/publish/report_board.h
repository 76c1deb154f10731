// SPDX-License-Identifier: Apache-2.0
#pragma once

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
};

/// Everything published at one moment.  Immutable.
struct Board {
  std::vector<std::shared_ptr<const PublishedCluster>> clusters;  ///< in the order of the configuration
  ExporterSnapshot exporter;
  std::uint64_t version = 0;  ///< changes with every change
};

/// The one thing that poller and HTTP threads share.  Thread-safe.
class ReportBoard {
 public:
  ReportBoard();

  /// Never null.
  std::shared_ptr<const Board> read() const;

  /// Replaces one cluster's unit, which must be on the board.
  void publish(std::shared_ptr<const PublishedCluster> cluster);

  /// Replaces the exporter's own facts.
  void publish(ExporterSnapshot exporter);

  /// Puts up the configured clusters, in order; units of the same name stay, others go or come empty.
  void configure(const std::vector<std::string>& clusters);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Board> board_;
};

}  // namespace pgrepl
