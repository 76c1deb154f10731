// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "checks/analysis/memory.h"
#include "exporter/store/memory_store.h"

namespace pgrepl {

/// Keeps clusters' memories in a store, as far as there is one: a store that fails is said so in
/// the log and counted, and monitoring goes on.  Confined to one thread at a time.
class MemoryKeeper {
 public:
  /// `path` empty: nothing is kept over a restart.
  explicit MemoryKeeper(const std::string& path);

  /// What was stored, or an empty memory.
  ClusterMemory load(const std::string& cluster, Instant now);

  void save(const std::string& cluster, const ClusterMemory& memory, Instant now);

  /// As save(), but not more often than twice a minute for one cluster.
  void save_now_and_then(const std::string& cluster, const ClusterMemory& memory, Instant now);

  /// Readings and writings that failed so far.
  std::uint64_t errors() const { return errors_; }

 private:
  void failed(const std::string& what);

  std::optional<MemoryStore> store_;
  std::map<std::string, SteadyTime> saved_;
  std::uint64_t errors_ = 0;
};

}  // namespace pgrepl
