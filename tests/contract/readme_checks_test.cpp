// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>

#include "checks/catalogue/catalogue.h"
#include "tests/support/checkout.h"

// The table of checks in README.md against the catalogue.
namespace pgrepl {
namespace {

struct ReadmeRow {
  std::string warning, critical;
};

/// The rows under "## Checks" by the check's id; a check that has two rows fails the test.
std::map<std::string, ReadmeRow> readme_rows() {
  std::ifstream readme(test::checkout() / "README.md");
  const std::regex row(R"(\| `(\w+)` \|.*\| ([^|]*) ?\| ([^|]*) ?\|)");
  std::map<std::string, ReadmeRow> rows;
  bool inside = false;
  std::smatch cells;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("## ")) inside = line == "## Checks";
    if (!inside || !std::regex_match(line, cells, row)) continue;
    EXPECT_TRUE(rows.emplace(cells[1], ReadmeRow{cells[2], cells[3]}).second) << line;
  }
  return rows;
}

/// The number of a cell that is nothing but a number with its unit, in the catalogue's unit.
std::optional<double> plain_number(const std::string& cell) {
  const std::map<std::string, double> units{
      {"ms", 0.001},       {"s", 1}, {"min", 60},    {"h", 3600},
      {"MB", 1024 * 1024}, {"%", 1}, {"GB", 1 << 30}};
  std::smatch parts;
  if (!std::regex_match(cell, parts, std::regex(R"(([0-9.]+) (\S+) *)"))) return std::nullopt;
  const auto unit = units.find(parts[2]);
  if (unit == units.end()) return std::nullopt;
  return std::stod(parts[1]) * unit->second;
}

void expect_fresh(const std::string& cell, const std::optional<double>& fallback,
                  std::string_view check) {
  const auto number = plain_number(cell);
  if (!number) return;  // a sentence
  ASSERT_TRUE(fallback) << check << ": " << cell;
  EXPECT_DOUBLE_EQ(*number, *fallback) << check << ": " << cell;
}

TEST(Readme, HasARowForEachCheckAndForNothingElse) {
  std::set<std::string> told, known;
  for (const auto& [check, row] : readme_rows()) told.insert(check);
  for (const CheckRow& check : checks()) known.emplace(check.id);
  EXPECT_EQ(told, known);
}

TEST(Readme, TellsTheDefaultsThatAreInForce) {
  int numbers = 0;
  for (const auto& [id, row] : readme_rows()) {
    const CheckRow* check = find_check(id);
    if (check == nullptr || check->measures.empty()) continue;
    expect_fresh(row.warning, check->measures.front().warning, id);
    expect_fresh(row.critical, check->measures.front().critical, id);
    numbers += plain_number(row.warning).has_value() + plain_number(row.critical).has_value();
  }
  EXPECT_GT(numbers, 10) << "the table is not read";
}

}  // namespace
}  // namespace pgrepl
