// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pgrepl {

/// How a word looks on a terminal.
enum class Paint { plain, heading, good, warning, bad, unknown };

/// The text in that paint, by ANSI sequences; as it is without colour.  Pure.
std::string painted(std::string_view text, Paint paint, bool colour);

/// Columns that a text takes: its characters.  Pure.
std::size_t width_of(std::string_view text);

/// A text that takes at most `width` columns: what does not fit goes from the middle, because names
/// of one family differ at their ends.  Pure.
std::string shortened(std::string_view text, std::size_t width);

/// Paragraph lines of at most `width` columns, broken between words; a longer word stays whole.
/// Each begins with `indent` blanks.  Pure.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// Each line with its line break.  Pure.
std::string joined_lines(const std::vector<std::string>& lines);

struct TableColumn {
  std::string_view title;
  bool right = false;    ///< a number
  bool shrinks = false;  ///< a name: shortened where the table is too wide
};

struct TableCell {
  TableCell(std::string cell_text, Paint cell_paint = Paint::plain)
      : text(std::move(cell_text)), paint(cell_paint) {}  // NOLINT(google-explicit-constructor)
  std::string text;
  Paint paint;
};

/// Lays rows out in columns that are as wide as their widest cell.
class TextTable {
 public:
  explicit TextTable(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  /// As many cells as there are columns.
  void add(std::vector<TableCell> row) {
    assert(row.size() == columns_.size());
    rows_.push_back(std::move(row));
  }
  bool empty() const { return rows_.empty(); }

  /// Heading and rows, of at most `width` columns as far as names can be shortened to that.
  std::string text(std::size_t width, bool colour) const;

 private:
  struct Layout {
    std::vector<std::size_t> widths;
    std::vector<std::size_t> gaps;  ///< blanks before each column
    std::size_t total() const;
  };

  Layout layout(std::size_t limit) const;
  std::string line(const std::vector<TableCell>& row, const Layout& layout, bool colour) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<TableCell>> rows_;
};

}  // namespace pgrepl
