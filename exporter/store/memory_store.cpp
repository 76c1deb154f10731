// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/memory_store.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <utility>

#include "exporter/store/store_file.h"

namespace pgrepl {
namespace {

using sqlite::ask_number;
using sqlite::error_of;
using sqlite::Statement;

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS memory ("
    " cluster TEXT PRIMARY KEY, encoded TEXT NOT NULL, saved_at INTEGER NOT NULL) WITHOUT ROWID";
constexpr const char* kSave =
    "INSERT INTO memory VALUES (?1, ?2, unixepoch())"
    " ON CONFLICT (cluster) DO UPDATE SET encoded = excluded.encoded, saved_at = excluded.saved_at";

bool run(sqlite3* database, const std::string& sql) {
  return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

/// Makes an empty file a store.  Two processes may try at the same time; both succeed.
bool create_schema(sqlite3* database) {
  return run(database, "BEGIN IMMEDIATE") && run(database, kSchema) &&
         run(database, "PRAGMA application_id = " + std::to_string(kStoreApplicationId)) &&
         run(database, "PRAGMA user_version = " + std::to_string(sqlite::kStoreVersion)) &&
         run(database, "COMMIT") &&
         // Readers and writer do not wait for each other, and a save does not wait for the disk.
         run(database, "PRAGMA journal_mode = WAL");
}

/// Reads before it writes, so that a foreign file stays as it is.
std::optional<StoreError> recognise(sqlite3* database, const std::string& path) {
  const auto id = ask_number(database, "PRAGMA application_id");
  if (!id) return error_of(database, path);
  const auto tables = ask_number(database, "SELECT count(*) FROM sqlite_master");
  if (!tables) return error_of(database, path);
  const auto version = ask_number(database, "PRAGMA user_version");
  if (!version) return error_of(database, path);
  if (*id == 0 && *tables == 0) {
    if (!create_schema(database)) return error_of(database, path);
  } else if (*id != kStoreApplicationId) {
    return sqlite::not_ours(path);
  } else if (*version > sqlite::kStoreVersion) {
    return sqlite::newer(path);
  }
  if (!run(database, "PRAGMA synchronous = NORMAL")) return error_of(database, path);
  return std::nullopt;
}

}  // namespace

MemoryStore::MemoryStore(std::string path, sqlite::Database database)
    : path_(std::move(path)), database_(std::move(database)) {}
MemoryStore::MemoryStore(MemoryStore&&) noexcept = default;
MemoryStore& MemoryStore::operator=(MemoryStore&&) noexcept = default;
MemoryStore::~MemoryStore() = default;

Result<sqlite::Database, StoreError> MemoryStore::open_file(const std::string& path) {
  if (auto error = prepare_store_file(path)) return Failed{*error};
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, kFlags, nullptr);
  sqlite::Database database{handle};
  if (opened != SQLITE_OK) return Failed{error_of(database.get(), path)};
  sqlite3_busy_timeout(database.get(), sqlite::kPatienceMilliseconds);
  auto error = recognise(database.get(), path);
  if (!error) {
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
    return database;
  }
  database.reset();
  if (error->fault == StoreFault::damaged && !was_store_file(path))
    return Failed{sqlite::not_ours(path)};
  return Failed{*error};
}

Result<MemoryStore, StoreError> MemoryStore::open(const std::string& path) {
  auto database = open_file(path);
  std::optional<StoreError> damage;
  if (!database && database.error().fault == StoreFault::damaged) {
    damage = set_file_aside(path, database.error());
    database = open_file(path);
  }
  if (!database) return Failed{database.error()};
  MemoryStore store{path, std::move(*database)};
  store.set_aside_ = std::move(damage);
  return store;
}

StoreError MemoryStore::set_aside_if_damaged(StoreError error) {
  if (error.fault != StoreFault::damaged) return error;
  database_.reset();
  return set_file_aside(path_, std::move(error));
}

std::optional<StoreError> MemoryStore::ensure_open() {
  if (database_) return std::nullopt;
  auto fresh = open_file(path_);
  if (!fresh) return fresh.error();
  database_ = std::move(*fresh);
  return std::nullopt;
}

Result<std::optional<std::string>, StoreError> MemoryStore::load(const std::string& cluster) {
  if (const auto error = ensure_open()) return Failed{*error};
  auto text = sqlite::load_text(database_.get(), path_, cluster);
  if (!text) return Failed{set_aside_if_damaged(std::move(text.error()))};
  return text;
}

Result<Announcements, StoreError> MemoryStore::announcements() {
  if (const auto error = ensure_open()) return Failed{*error};
  auto all = sqlite::load_announcements(database_.get(), path_);
  if (!all) return Failed{set_aside_if_damaged(std::move(all.error()))};
  return all;
}

std::optional<StoreError> MemoryStore::save(const std::string& cluster, const std::string& text) {
  std::optional<StoreError> error = ensure_open();
  if (error) return error;
  {
    Statement statement{database_.get(), kSave};
    statement.bind(1, cluster);
    statement.bind(2, text);
    if (statement.step() == SQLITE_DONE) return std::nullopt;
    error = error_of(database_.get(), path_);
  }
  return set_aside_if_damaged(std::move(*error));
}

}  // namespace pgrepl
