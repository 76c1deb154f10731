// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "checks/analysis/memory.h"
#include "exporter/store/memory_store.h"

namespace pgrepl {

/// Keeps clusters' memories in a store, as far as there is one: monitoring goes on without it.
///
/// Every reading and writing that fails is counted; a fault is said when it is a new one, and its
/// end is said too.  A store that cannot be opened is tried again, at most twice a minute.
/// Thread-safe: of two callers the second waits for the disk.
class MemoryKeeper {
 public:
  using Say = std::function<void(std::string_view)>;

  /// `path` empty: nothing is kept over a restart.  `say` takes what the operator should know.
  MemoryKeeper(std::string path, Say say);

  /// What was stored; an empty memory if that is nothing or cannot be read in about a second.
  ClusterMemory load(const std::string& cluster, Instant now);

  /// Stores an encoded memory.  What cannot be stored is dropped: a newer one follows.
  void save(const std::string& cluster, const std::string& text, SteadyTime now);

  /// Readings and writings that failed so far.
  std::uint64_t errors() const { return errors_; }

 private:
  std::optional<std::string> read(const std::string& cluster, SteadyTime now);
  bool ensure_open(SteadyTime now);
  void failed(const std::string& what);
  void worked();

  const std::string path_;
  const Say say_;
  std::atomic<std::uint64_t> errors_ = 0;
  std::timed_mutex mutex_;  ///< guards what follows
  std::optional<MemoryStore> store_;
  std::optional<SteadyTime> tried_;  ///< when the store was last opened, or not
  std::string fault_;                ///< the one said last; empty while the store works
};

}  // namespace pgrepl
