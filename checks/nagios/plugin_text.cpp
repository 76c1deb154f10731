// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/plugin_text.h"

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLineLimit = 1000;

std::string without_bars(std::string_view line) {
  std::string text;
  for (const char c : line) {
    if (c == '|') {
      text += "\u00A6";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string first_line(State state, std::string_view sentence, const Perfdata& perfdata) {
  std::string line = "PGREPL " + std::string(to_string(state)) + " - ";
  line += one_line(plugin_safe(sentence), kSentenceLimit);
  if (!perfdata.text().empty()) line += " | " + perfdata.text();
  return line;
}

void LongOutput::add(std::string_view line) {
  const std::string text = without_bars(one_line(line, kLineLimit)) + "\n";
  if (left_out_ > 0 || text_.size() + text.size() > limit_) {
    ++left_out_;  // a gap in the middle would join lines that do not belong together
    return;
  }
  text_ += text;
}

std::string LongOutput::text() const {
  if (left_out_ == 0) return text_;
  return text_ + "(" + std::to_string(left_out_) + " more lines left out)\n";
}

}  // namespace pgrepl
