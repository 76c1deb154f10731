// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/base/result.h"
#include "exporter/store/announcement.h"
#include "exporter/store/sqlite_call.h"
#include "exporter/store/store_error.h"

namespace pgrepl {

/// What a store holds, for a command that runs beside the daemon which owns it: nothing is made,
/// changed or set aside, whatever lies there.  No call throws, and none waits longer than a tenth
/// of a second.  Not thread-safe.
class StoredMemory {
 public:
  /// The error also for a file that does not exist, is locked, damaged, or not ours.
  static Result<StoredMemory, StoreError> open(const std::string& path);

  /// The text saved last for a cluster; an absent text means that none is.
  Result<std::optional<std::string>, StoreError> load(const std::string& cluster);

  /// Maintenance announced by command.
  Result<Announcements, StoreError> announcements();

 private:
  StoredMemory(std::string path, sqlite::Database database);

  std::string path_;
  sqlite::Database database_;
};

}  // namespace pgrepl
