// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/stored_memory.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "exporter/store/store_file.h"

namespace pgrepl {
namespace {

/// Why a path cannot be read as a file at all.
std::optional<StoreError> unreadable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return file_error(path, errno);
    return StoreError{.fault = StoreFault::missing,
                      .message = "store " + path + ": does not exist"};
  }
  if (!S_ISREG(status.st_mode)) return sqlite::not_ours(path);
  return std::nullopt;
}

std::optional<StoreError> recognise(sqlite3* database, const std::string& path) {
  const auto id = sqlite::ask_number(database, "PRAGMA application_id");
  if (!id) return sqlite::error_of(database, path);
  if (*id != kStoreApplicationId) return sqlite::not_ours(path);
  const auto version = sqlite::ask_number(database, "PRAGMA user_version");
  if (!version) return sqlite::error_of(database, path);
  if (*version > sqlite::kStoreVersion) return sqlite::newer(path);
  return std::nullopt;
}

}  // namespace

StoredMemory::StoredMemory(std::string path, sqlite::Database database)
    : path_(std::move(path)), database_(std::move(database)) {}

Result<StoredMemory, StoreError> StoredMemory::open(const std::string& path) {
  if (const auto error = unreadable(path)) return Failed{*error};
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, kFlags, nullptr);
  sqlite::Database database{handle};
  if (opened != SQLITE_OK) return Failed{sqlite::error_of(database.get(), path)};
  sqlite3_busy_timeout(database.get(), sqlite::kPatienceMilliseconds);
  if (const auto error = recognise(database.get(), path)) {
    database.reset();
    if (error->fault == StoreFault::damaged && !was_store_file(path))
      return Failed{sqlite::not_ours(path)};
    return Failed{*error};
  }
  return StoredMemory{path, std::move(database)};
}

Result<std::optional<std::string>, StoreError> StoredMemory::load(const std::string& cluster) {
  return sqlite::load_text(database_.get(), path_, cluster);
}

Result<Announcements, StoreError> StoredMemory::announcements() {
  return sqlite::load_announcements(database_.get(), path_);
}

}  // namespace pgrepl
