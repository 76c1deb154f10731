// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checks/analysis/memory.h"
#include "checks/judge/judge.h"
#include "exporter/config/config.h"
#include "exporter/store/announcement.h"
#include "exporter/store/stored_memory.h"

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

  /// Reads anew which maintenance has been announced.  What cannot be read leaves that in force
  /// which was known before, and notes() says so.  Waits for the disk.
  void read_announcements();

  /// Works a poll of a configured cluster up.
  ClusterReport take(ClusterSnapshot snapshot);

  /// Whether rates and lag need a second look, because nothing of the last minute is remembered.
  bool is_new(const std::string& cluster, SteadyTime now) const;

  const ClusterMemory& memory(const std::string& cluster) const;

  /// What is to be said of the store: what of it could not be read.
  std::vector<std::string> notes() const;

 private:
  struct Cluster {
    ClusterPolicy policy;  ///< as configured
    Thresholds thresholds;
    ClusterMemory memory;
  };

  void remember_what_is_stored(StoredMemory& store, Instant now);
  void take(Result<Announcements, StoreError> announced);

  const std::string store_path_;  ///< empty: there is none
  std::map<std::string, Cluster> clusters_;
  Announcements announced_;
  std::vector<std::string> notes_;               ///< why memories are missing
  std::optional<std::string> unread_announced_;  ///< why announcements are; absent: they are not
};

}  // namespace pgrepl
