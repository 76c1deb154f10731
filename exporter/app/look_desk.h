// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/judge/judge.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// What a command does with polls: it remembers, concludes and judges as the daemon does, with the
/// memory that the daemon keeps, but writes nothing and publishes nothing.
///
/// Every finding counts at once.  Hold times keep pagers silent; who types a command wants to know
/// how it is now.  Since when it has been so is what the daemon has seen, if it has.
class LookDesk {
 public:
  /// Reads the store of `config`.
  LookDesk(const Config& config, Instant now);

  /// Works a poll of a configured cluster up.
  ClusterReport take(ClusterSnapshot snapshot);

  /// Whether rates and lag need a second look, because nothing of the last minute is remembered.
  bool is_new(const std::string& cluster, SteadyTime now) const;

  const ClusterMemory& memory(const std::string& cluster) const;

  /// What is to be said of the memory: why there is none.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Cluster {
    ClusterPolicy policy;
    Thresholds thresholds;
    ClusterMemory memory;
  };

  void remember_what_is_stored(const std::string& path, Instant now);

  std::map<std::string, Cluster> clusters_;
  std::vector<std::string> notes_;
};

}  // namespace pgrepl
