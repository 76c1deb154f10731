// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "checks/base/result.h"
#include "exporter/store/store_error.h"

struct sqlite3;
struct sqlite3_stmt;

// What reading and writing a store have in common.
namespace pgrepl::sqlite {

/// The newest layout of a store that this program knows.
inline constexpr int kStoreVersion = 1;

/// How long a call waits for another process.
inline constexpr int kPatienceMilliseconds = 50;

struct Close {
  void operator()(sqlite3* database) const;
};
using Database = std::unique_ptr<sqlite3, Close>;

/// What went wrong last, with the file's name.
StoreError error_of(sqlite3* database, const std::string& path);

StoreError not_ours(const std::string& path);
StoreError newer(const std::string& path);

/// One statement, from preparing it to its end.
class Statement {
 public:
  Statement(sqlite3* database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int index, const std::string& text);
  void bind(int index, std::int64_t number);
  /// SQLITE_ROW, SQLITE_DONE, or an error; of a statement that could not be prepared,
  /// SQLITE_MISUSE.
  int step();
  std::int64_t integer(int column);
  std::string text(int column);

 private:
  sqlite3_stmt* statement_ = nullptr;
};

/// The number that a statement gives; absent when it fails.
std::optional<std::int64_t> ask_number(sqlite3* database, const char* sql);

/// The text stored for a cluster, if there is one.
Result<std::optional<std::string>, StoreError> load_text(sqlite3* database, const std::string& path,
                                                         const std::string& cluster);

}  // namespace pgrepl::sqlite
