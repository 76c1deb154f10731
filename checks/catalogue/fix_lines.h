// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace pgrepl::catalogue {

/// The lines of a remedy, put together from parts that several remedies share.
template <std::size_t Size>
struct FixLines {
  std::array<char, Size> text{};

  constexpr operator std::string_view() const { return {text.data(), Size}; }
};

/// The parts, a line break between them.  To be kept in a constant that lives as long as its row.
template <std::size_t... Sizes>
consteval auto fix_lines(const char (&... parts)[Sizes]) {
  FixLines<(Sizes + ...) - 1> lines;
  std::size_t end = 0;
  const auto add = [&](std::string_view part) {
    if (end > 0) lines.text[end++] = '\n';
    for (const char c : part) lines.text[end++] = c;
  };
  (add({parts, Sizes - 1}), ...);
  return lines;
}

}  // namespace pgrepl::catalogue
