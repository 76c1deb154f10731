// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporter/collect/postgres/pg_handles.h"

namespace pgrepl::test {

using Cell = std::optional<std::string>;  ///< absent: NULL
using Row = std::vector<std::pair<std::string, Cell>>;

/// What a server would have sent; all rows have the first one's columns.
inline PgResult result_of(std::vector<Row> rows) {
  PgResult result(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK));
  std::vector<PGresAttDesc> columns;
  for (auto& [name, cell] : rows.at(0)) columns.push_back({.name = name.data()});
  PQsetResultAttrs(result.get(), static_cast<int>(columns.size()), columns.data());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      Cell& cell = rows[row][column].second;
      PQsetvalue(result.get(), static_cast<int>(row), static_cast<int>(column),
                 cell ? cell->data() : nullptr, cell ? static_cast<int>(cell->size()) : -1);
    }
  }
  return result;
}

}  // namespace pgrepl::test
