// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "checks/analysis/memory.h"
#include "exporter/store/memory_store.h"

namespace pgrepl {

/// Keeps clusters' memories in a store, as far as there is one: monitoring goes on without it.
///
/// Every reading and writing that fails is counted; a fault is said when it is a new one, and its
/// end is said too.  A store that cannot be opened is tried again, at most twice a minute; nothing
/// is written over what has not been read.  Thread-safe: of two callers the second waits for the
/// disk.
class MemoryKeeper {
 public:
  using Say = std::function<void(std::string_view)>;

  /// `path` empty: nothing is kept over a restart.  `say` takes what the operator should know.
  MemoryKeeper(std::string path, Say say);

  /// What was stored; an empty memory if that is nothing or cannot be read in about a second.  A
  /// text that is no memory is kept under another name.
  ClusterMemory load(const std::string& cluster, Instant now);

  /// Stores an encoded memory.  What cannot be stored is dropped: a newer one follows.  So is what
  /// would take the place of a memory that load() could not read and this call can; see found().
  void save(const std::string& cluster, const std::string& text, Instant now);

  /// What load() should have given, once it could be read; the next save() writes over it.  Given
  /// once.  Does not wait for the disk.
  std::optional<ClusterMemory> found(const std::string& cluster);

  /// Maintenance announced by commands.  Absent: that cannot be read just now, and what was known
  /// before still holds.
  std::optional<Announcements> announcements();

  /// Readings and writings that failed so far.
  std::uint64_t errors() const { return errors_; }

 private:
  std::optional<ClusterMemory> read(const std::string& cluster, Instant now);
  bool set_aside(const std::string& cluster, const std::string& text, const std::string& why);
  bool may_write_over(const std::string& cluster, Instant now);
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
  std::mutex late_mutex_;            ///< guards what follows; never held over the disk
  std::set<std::string> unread_;     ///< clusters of which nobody knows what is stored
  std::map<std::string, ClusterMemory> found_;
};

}  // namespace pgrepl
