// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/base/result.h"
#include "exporter/store/announcement.h"
#include "exporter/store/sqlite_call.h"
#include "exporter/store/store_error.h"

namespace pgrepl {

/// Keeps what must survive a restart: one text per cluster, in one SQLite file of mode 0600.
///
/// Daemon and one-shot runs may use one file at the same time: each save is a transaction of its
/// own, the last one counts.  No call throws, and none waits longer than a tenth of a second for
/// another process. A damaged file is renamed to FILE.damaged-TIME and an empty one takes its
/// place; whatever call finds the damage says so, and later calls work.  A file that is not ours is
/// never touched. Not thread-safe: one thread at a time.
class MemoryStore {
 public:
  /// Opens the file, or makes it; its directory must exist.
  static Result<MemoryStore, StoreError> open(const std::string& path);

  MemoryStore(MemoryStore&&) noexcept;
  MemoryStore& operator=(MemoryStore&&) noexcept;
  ~MemoryStore();

  /// The text saved last for a cluster; an absent text means that none is.
  Result<std::optional<std::string>, StoreError> load(const std::string& cluster);

  /// Replaces the text of a cluster.  The error, if any: nothing is changed then.
  std::optional<StoreError> save(const std::string& cluster, const std::string& text);

  /// Maintenance announced by commands; see announce().
  Result<Announcements, StoreError> announcements();

  /// What was wrong with the file that open() found and renamed; absent if it was fine.
  const std::optional<StoreError>& set_aside() const { return set_aside_; }

 private:
  MemoryStore(std::string path, sqlite::Database database);
  static Result<sqlite::Database, StoreError> open_file(const std::string& path);
  std::optional<StoreError> ensure_open();
  StoreError set_aside_if_damaged(StoreError error);

  std::string path_;
  sqlite::Database database_;  ///< null once damage was found, until the next call
  std::optional<StoreError> set_aside_;
};

}  // namespace pgrepl
