// SPDX-License-Identifier: Apache-2.0
// The catalogue with one row switched off: PGREPL_WITHOUT=CHECK, or CHECK/CAUSE.  It is the real
// file with the list renamed, and stands before the library's, so that the linker takes this one.
#define checks all_checks_of_the_catalogue
#include "checks/catalogue/catalogue.cpp"
#undef checks

#include <cstdlib>

namespace pgrepl {
namespace {

std::string_view switched_off() {
  const char* row = std::getenv("PGREPL_WITHOUT");
  return row == nullptr ? "" : row;
}

/// The causes but one, kept for ever like the rows that they stand in for.
std::span<const CauseRow> causes_without(const CheckRow& check, std::string_view cause) {
  auto* left = new std::vector<CauseRow>;
  for (const CauseRow& row : check.causes) {
    if (row.id != cause) left->push_back(row);
  }
  return *left;
}

/// Its row stays, for thresholds of it may be configured.
Readings says_nothing(const CheckFacts&) { return {}; }

std::vector<CheckRow> rows_left() {
  const std::string_view off = switched_off();
  const auto slash = off.find('/');
  std::vector<CheckRow> rows;
  for (CheckRow row : all_checks_of_the_catalogue()) {
    if (row.id == off) {
      row.read = says_nothing;
      row.causes = {};
    }
    if (slash != std::string_view::npos && row.id == off.substr(0, slash))
      row.causes = causes_without(row, off.substr(slash + 1));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::span<const CheckRow> checks();
std::span<const CheckRow> checks() {
  static const std::vector<CheckRow> kRows = rows_left();
  return kRows;
}

}  // namespace pgrepl
