// SPDX-License-Identifier: Apache-2.0
#include "checks/base/text.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "checks/base/utf8.h"

namespace pgrepl {
namespace {

/// How many letters must be changed, added or taken away to make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::size_t length_difference(std::string_view a, std::string_view b) {
  return std::max(a.size(), b.size()) - std::min(a.size(), b.size());
}

bool breaks_a_line(char32_t character) {
  constexpr char32_t kLineSeparator = 0x2028, kParagraphSeparator = 0x2029;
  return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
         character == kLineSeparator || character == kParagraphSeparator;
}

/// The bytes that stand for one decoded character in a line of output.
std::string_view printable(const Utf8Character& character, std::string_view bytes) {
  if (!character.code) return "?";
  return breaks_a_line(*character.code) ? " " : bytes;
}

/// What a monitoring core would misread, and what stands in for it.  Quotes go altogether.
std::string_view harmless(const char& byte) {
  switch (byte) {
    case ';':
      return ",";
    case '|':
      return "/";
    case '\\':
      return "/";
    case '=':
      return ":";
    case '<':
      return "(";
    case '>':
      return ")";
    case '&':
      return "+";
    case '~':
      return "-";
    case '$':
      return "_";
    case '\'':
    case '"':
    case '`':
      return "";
    default:
      return {&byte, 1};
  }
}

}  // namespace

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != parts.data()) text += separator;
    text += part;
  }
  return text;
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::optional<std::string> best;
  for (const std::string& candidate : candidates) {
    if (length_difference(word, candidate) > limit) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance > limit || (best && distance == limit)) continue;
    limit = distance;
    best = candidate;
  }
  return best;
}

std::string one_line(std::string_view text, std::size_t limit) {
  std::string line;
  while (!text.empty()) {
    const Utf8Character character = first_character(text);
    const std::string_view shown = printable(character, text.substr(0, character.length));
    if (shown.size() > limit - line.size()) return line + "...";
    line += shown;
    text.remove_prefix(character.length);
  }
  return line;
}

std::string plugin_safe(std::string_view text) {
  std::string safe;
  for (const char& byte : one_line(text, std::string_view::npos)) safe += harmless(byte);
  return safe;
}

}  // namespace pgrepl
