// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "checks/base/lsn.h"
#include "checks/base/time.h"
#include "checks/model/failure.h"
#include "exporter/collect/postgres/pg_handles.h"

namespace pgrepl {

/// Reads one row by column name into fields of any of the model's types.  The first column that
/// does not fit is remembered, and the rest is read on: one question at the end instead of one per
/// column.
class RowReader {
 public:
  RowReader(const PGresult& rows, int row) : rows_(&rows), row_(row) {}

  bool has(const char* column) const { return PQfnumber(rows_, column) >= 0; }

  /// NULL makes an optional absent.
  template <class T>
  void read(const char* column, std::optional<T>& field) {
    const std::optional<std::string_view> text = cell(column);
    if (!text) return;
    field.emplace();
    if (!parse(*text, *field)) complain(column, "has an unexpected value");
  }

  /// NULL does not fit.
  template <class T>
  void read(const char* column, T& field) {
    std::optional<T> value;
    read(column, value);
    if (value) {
      field = std::move(*value);
    } else {
      complain(column, "is NULL");
    }
  }

  /// The first column that did not fit.
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  template <std::integral T>
  static bool parse(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
  }
  static bool parse(std::string_view text, std::string& value);
  static bool parse(std::string_view text, bool& value);
  static bool parse(std::string_view text, double& value);
  static bool parse(std::string_view text, Seconds& value);
  static bool parse(std::string_view text, Lsn& value);

  std::optional<std::string_view> cell(const char* column);
  void complain(const char* column, std::string_view why);

  const PGresult* rows_;
  int row_;
  std::optional<Failure> failure_;
};

}  // namespace pgrepl
