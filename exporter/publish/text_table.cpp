// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/text_table.h"

#include <algorithm>
#include <numeric>

#include "checks/base/utf8.h"

namespace pgrepl {
namespace {

/// A name is not shortened below this.
constexpr std::size_t kShortestName = 9;

std::string_view sequence(Paint paint) {
  switch (paint) {
    case Paint::plain:
      return "";
    case Paint::heading:
      return "\x1b[1m";
    case Paint::good:
      return "\x1b[32m";
    case Paint::warning:
      return "\x1b[33m";
    case Paint::bad:
      return "\x1b[1;31m";
    case Paint::unknown:
      return "\x1b[35m";
  }
  return "";
}

/// Where each character begins, and the end.
std::vector<std::size_t> character_edges(std::string_view text) {
  std::vector<std::size_t> edges{0};
  while (edges.back() < text.size()) {
    edges.push_back(edges.back() + first_character(text.substr(edges.back())).length);
  }
  return edges;
}

}  // namespace

std::string painted(std::string_view text, Paint paint, bool colour) {
  const std::string_view begin = sequence(paint);
  if (!colour || begin.empty()) return std::string{text};
  return std::string{begin} + std::string{text} + "\x1b[0m";
}

std::size_t width_of(std::string_view text) { return character_edges(text).size() - 1; }

std::string shortened(std::string_view text, std::size_t width) {
  constexpr std::string_view kDots = "..";
  const std::vector<std::size_t> edges = character_edges(text);
  const std::size_t length = edges.size() - 1;
  if (length <= width) return std::string{text};
  if (width <= kDots.size()) return std::string{text.substr(0, edges[width])};
  const std::size_t kept = width - kDots.size();
  const std::size_t tail = (kept + 1) / 2;
  return std::string{text.substr(0, edges[kept - tail])} + std::string{kDots} +
         std::string{text.substr(edges[length - tail])};
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (word.empty()) continue;
    if (!line.empty() && indent + width_of(line) + 1 + width_of(word) > width) {
      lines.push_back(margin + line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(margin + line);
  return lines;
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::size_t TextTable::Layout::total() const {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0}) +
         std::accumulate(gaps.begin(), gaps.end(), std::size_t{0});
}

/// Where the table is too wide, numbers move together, and then the widest name gives way.
TextTable::Layout TextTable::layout(std::size_t limit) const {
  Layout layout;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = width_of(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, width_of(row[i].text));
    layout.widths.push_back(width);
    layout.gaps.push_back(i == 0 ? 0 : 2);
  }
  for (std::size_t i = 1; i < columns_.size() && layout.total() > limit; ++i) {
    if (columns_[i].right && columns_[i - 1].right) layout.gaps[i] = 1;
  }
  while (layout.total() > limit) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      std::size_t& width = layout.widths[i];
      if (columns_[i].shrinks && (widest == nullptr || width > *widest)) widest = &width;
    }
    if (widest == nullptr || *widest <= kShortestName) break;
    --*widest;
  }
  return layout;
}

std::string TextTable::line(const std::vector<TableCell>& row, const Layout& layout,
                            bool colour) const {
  std::string line;
  std::size_t blanks = 0;  // owed; those behind the last cell are never written
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::size_t width = layout.widths[i];
    const std::string cell = columns_[i].shrinks ? shortened(row[i].text, width) : row[i].text;
    const std::size_t fill = width - std::min(width, width_of(cell));
    blanks += layout.gaps[i] + (columns_[i].right ? fill : 0);
    if (!cell.empty()) {
      line += std::string(blanks, ' ') + painted(cell, row[i].paint, colour);
      blanks = 0;
    }
    if (!columns_[i].right) blanks += fill;
  }
  return line + "\n";
}

std::string TextTable::text(std::size_t width, bool colour) const {
  const Layout laid_out = layout(width);
  std::vector<TableCell> titles;
  for (const TableColumn& column : columns_) {
    titles.emplace_back(std::string{column.title}, Paint::heading);
  }
  std::string text = line(titles, laid_out, colour);
  for (const auto& row : rows_) text += line(row, laid_out, colour);
  return text;
}

}  // namespace pgrepl
