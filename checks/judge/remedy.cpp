// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/remedy.h"

#include <algorithm>

namespace pgrepl {
namespace {

std::string in_capitals(std::string_view word) {
  std::string capitals{word};
  std::ranges::transform(capitals, capitals.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  return capitals;
}

std::string named(const Names& names, std::string_view place) {
  const auto found =
      std::ranges::find_if(names, [&](const auto& name) { return name.first == place; });
  return found == names.end() || found->second.empty() ? in_capitals(place) : found->second;
}

std::string fill_in_line(std::string_view line, const Names& names) {
  std::string filled;
  while (true) {
    const auto open = line.find('{');
    const auto close = line.find('}', open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    filled += line.substr(0, open);
    filled += named(names, line.substr(open + 1, close - open - 1));
    line.remove_prefix(close + 1);
  }
  return filled += line;
}

}  // namespace

std::vector<std::string> fill_in(std::string_view remedy, const Names& names) {
  std::vector<std::string> lines;
  while (!remedy.empty()) {
    const auto end = remedy.find('\n');
    lines.push_back(fill_in_line(remedy.substr(0, end), names));
    if (end == std::string_view::npos) break;
    remedy.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace pgrepl
