// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/memory_store.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "exporter/store/store_file.h"

namespace pgrepl {
namespace {

constexpr int kPatienceMilliseconds = 50;
constexpr int kVersion = 1;

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS memory ("
    " cluster TEXT PRIMARY KEY, encoded TEXT NOT NULL, saved_at INTEGER NOT NULL) WITHOUT ROWID";
constexpr const char* kLoad = "SELECT encoded FROM memory WHERE cluster = ?1";
constexpr const char* kSave =
    "INSERT INTO memory VALUES (?1, ?2, unixepoch())"
    " ON CONFLICT (cluster) DO UPDATE SET encoded = excluded.encoded, saved_at = excluded.saved_at";

StoreFault fault_of(int code, int system_code) {
  switch (code & 0xff) {  // the low byte of an extended code is its kind
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StoreFault::locked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StoreFault::damaged;
    case SQLITE_FULL:
      return StoreFault::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return StoreFault::read_only;
    case SQLITE_IOERR:
      return system_code == ENOSPC ? StoreFault::full : StoreFault::other;
    default:
      return StoreFault::other;
  }
}

StoreError error_of(sqlite3* database, const std::string& path) {
  const int code = sqlite3_extended_errcode(database);
  return {.fault = fault_of(code, sqlite3_system_errno(database)),
          .message = "store " + path + ": " + sqlite3_errmsg(database)};
}

/// One statement, from preparing it to its end.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql) {
    sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int index, const std::string& text) {
    sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  /// SQLITE_ROW, SQLITE_DONE, or an error; of a statement that could not be prepared,
  /// SQLITE_MISUSE.
  int step() { return statement_ == nullptr ? SQLITE_MISUSE : sqlite3_step(statement_); }
  int integer() { return sqlite3_column_int(statement_, 0); }
  std::string text() {
    const void* bytes = sqlite3_column_blob(statement_, 0);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, 0));
    return bytes == nullptr ? std::string{} : std::string{static_cast<const char*>(bytes), size};
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

bool run(sqlite3* database, const std::string& sql) {
  return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::optional<int> ask_number(sqlite3* database, const char* sql) {
  Statement statement{database, sql};
  if (statement.step() != SQLITE_ROW) return std::nullopt;
  return statement.integer();
}

/// Makes an empty file a store.  Two processes may try at the same time; both succeed.
bool create_schema(sqlite3* database) {
  return run(database, "BEGIN IMMEDIATE") && run(database, kSchema) &&
         run(database, "PRAGMA application_id = " + std::to_string(kStoreApplicationId)) &&
         run(database, "PRAGMA user_version = " + std::to_string(kVersion)) &&
         run(database, "COMMIT") &&
         // Readers and writer do not wait for each other, and a save does not wait for the disk.
         run(database, "PRAGMA journal_mode = WAL");
}

StoreError not_ours(const std::string& path) {
  return {.fault = StoreFault::not_ours,
          .message = "store " + path + ": is not a store of pgrepl; it is left as it is"};
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
    return not_ours(path);
  } else if (*version > kVersion) {
    return StoreError{.fault = StoreFault::newer,
                      .message = "store " + path + ": is of a newer version of pgrepl"};
  }
  if (!run(database, "PRAGMA synchronous = NORMAL")) return error_of(database, path);
  return std::nullopt;
}

}  // namespace

void MemoryStore::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

MemoryStore::MemoryStore(std::string path, Database database)
    : path_(std::move(path)), database_(std::move(database)) {}
MemoryStore::MemoryStore(MemoryStore&&) noexcept = default;
MemoryStore& MemoryStore::operator=(MemoryStore&&) noexcept = default;
MemoryStore::~MemoryStore() = default;

Result<MemoryStore::Database, StoreError> MemoryStore::open_file(const std::string& path) {
  if (auto error = prepare_store_file(path)) return Failed{*error};
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, kFlags, nullptr);
  Database database{handle};
  if (opened != SQLITE_OK) return Failed{error_of(database.get(), path)};
  sqlite3_busy_timeout(database.get(), kPatienceMilliseconds);
  auto error = recognise(database.get(), path);
  if (!error) {
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
    return database;
  }
  database.reset();
  if (error->fault == StoreFault::damaged && !was_store_file(path)) return Failed{not_ours(path)};
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
  std::optional<StoreError> error = ensure_open();
  if (error) return Failed{*error};
  {
    Statement statement{database_.get(), kLoad};
    statement.bind(1, cluster);
    const int outcome = statement.step();
    if (outcome == SQLITE_ROW) return std::optional{statement.text()};
    if (outcome == SQLITE_DONE) return std::optional<std::string>{};
    error = error_of(database_.get(), path_);
  }
  return Failed{set_aside_if_damaged(std::move(*error))};
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
