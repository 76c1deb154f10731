// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/sqlite_call.h"

#include <sqlite3.h>

#include <cerrno>

namespace pgrepl::sqlite {
namespace {

constexpr const char* kLoad = "SELECT encoded FROM memory WHERE cluster = ?1";

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

}  // namespace

void Close::operator()(sqlite3* database) const { sqlite3_close(database); }

StoreError error_of(sqlite3* database, const std::string& path) {
  const int code = sqlite3_extended_errcode(database);
  return {.fault = fault_of(code, sqlite3_system_errno(database)),
          .message = "store " + path + ": " + sqlite3_errmsg(database)};
}

StoreError not_ours(const std::string& path) {
  return {.fault = StoreFault::not_ours,
          .message = "store " + path + ": is not a store of pgrepl; it is left as it is"};
}

StoreError newer(const std::string& path) {
  return {.fault = StoreFault::newer,
          .message = "store " + path + ": is of a newer version of pgrepl"};
}

Statement::Statement(sqlite3* database, const char* sql) {
  sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::bind(int index, const std::string& text) {
  sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bind(int index, std::int64_t number) {
  sqlite3_bind_int64(statement_, index, number);
}

int Statement::step() { return statement_ == nullptr ? SQLITE_MISUSE : sqlite3_step(statement_); }

std::int64_t Statement::integer(int column) { return sqlite3_column_int64(statement_, column); }

std::string Statement::text(int column) {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string{} : std::string{static_cast<const char*>(bytes), size};
}

std::optional<std::int64_t> ask_number(sqlite3* database, const char* sql) {
  Statement statement{database, sql};
  if (statement.step() != SQLITE_ROW) return std::nullopt;
  return statement.integer(0);
}

Result<std::optional<std::string>, StoreError> load_text(sqlite3* database, const std::string& path,
                                                         const std::string& cluster) {
  Statement statement{database, kLoad};
  statement.bind(1, cluster);
  const int outcome = statement.step();
  if (outcome == SQLITE_ROW) return std::optional{statement.text(0)};
  if (outcome == SQLITE_DONE) return std::optional<std::string>{};
  return Failed{error_of(database, path)};
}

}  // namespace pgrepl::sqlite
