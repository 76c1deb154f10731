// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/problems.h"

#include <algorithm>
#include <utility>

#include "checks/base/text.h"

namespace pgrepl {

std::size_t Problems::add_file(std::string name) {
  files_.push_back(std::move(name));
  return files_.size() - 1;
}

void Problems::add(Place place, std::string text) {
  found_.push_back({.place = place, .text = std::move(text)});
}

std::vector<Problem> Problems::in_order() const {
  std::vector<Found> sorted = found_;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<Problem> lines;
  for (const auto& [place, text] : sorted) {
    std::string line = files_[place.file] + ":";
    if (place.line > 0) {
      line += std::to_string(place.line) + ":" + std::to_string(place.column) + ":";
    }
    lines.push_back(line + " " + text);
  }
  return lines;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  return '"' + one_line(text, kLongest) + '"';
}

std::string list_in_quotes(const std::vector<std::string>& texts, std::string_view last) {
  std::string list;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) list += i + 1 == texts.size() ? " " + std::string{last} + " " : ", ";
    list += in_quotes(texts[i]);
  }
  return list;
}

}  // namespace pgrepl
