// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/announcement.h"

#include <sqlite3.h>

#include <chrono>

#include "exporter/store/stored_memory.h"

namespace pgrepl {
namespace {

/// A person waits.
constexpr int kPatienceMilliseconds = 2000;

// Made with the first announcement: older versions of pgrepl let a table alone that they do not
// know, so that the store's version need not change.
constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS maintenance ("
    " cluster TEXT PRIMARY KEY, until_us INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID";
constexpr const char* kAnnounce =
    "INSERT INTO maintenance VALUES (?1, ?2, ?3)"
    " ON CONFLICT (cluster) DO UPDATE SET until_us = excluded.until_us, reason = excluded.reason";
constexpr const char* kHasTable = "SELECT count(*) FROM sqlite_master WHERE name = 'maintenance'";
constexpr const char* kLoad = "SELECT cluster, until_us, reason FROM maintenance";

bool write(sqlite3* database, const std::string& cluster, const Maintenance& maintenance) {
  if (sqlite3_exec(database, kTable, nullptr, nullptr, nullptr) != SQLITE_OK) return false;
  sqlite::Statement statement{database, kAnnounce};
  statement.bind(1, cluster);
  statement.bind(2, maintenance.until.time_since_epoch().count());
  statement.bind(3, maintenance.reason);
  return statement.step() == SQLITE_DONE;
}

}  // namespace

std::optional<StoreError> announce(const std::string& path, const std::string& cluster,
                                   const Maintenance& maintenance) {
  // It looks that the file is ours, and leaves it alone.
  if (const auto store = StoredMemory::open(path); !store) return store.error();
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, kFlags, nullptr);
  const sqlite::Database database{handle};
  if (opened != SQLITE_OK) return sqlite::error_of(database.get(), path);
  sqlite3_busy_timeout(database.get(), kPatienceMilliseconds);
  if (write(database.get(), cluster, maintenance)) return std::nullopt;
  return sqlite::error_of(database.get(), path);
}

Result<Announcements, StoreError> sqlite::load_announcements(sqlite3* database,
                                                             const std::string& path) {
  const auto has_table = ask_number(database, kHasTable);
  if (!has_table) return Failed{error_of(database, path)};
  Announcements all;
  if (*has_table == 0) return all;
  Statement statement{database, kLoad};
  int outcome = statement.step();
  for (; outcome == SQLITE_ROW; outcome = statement.step()) {
    all[statement.text(0)] = {.until = WallTime{std::chrono::microseconds{statement.integer(1)}},
                              .reason = statement.text(2)};
  }
  if (outcome != SQLITE_DONE) return Failed{error_of(database, path)};
  return all;
}

}  // namespace pgrepl
