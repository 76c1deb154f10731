// SPDX-License-Identifier: Apache-2.0
#include "checks/base/range.h"

#include "checks/base/number.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::optional<double> parse_start(std::string_view text) {
  if (text == "~") return -kInfinity;
  return parse_number(text);
}

std::optional<double> parse_end(std::string_view text) {
  if (text.empty()) return kInfinity;
  return parse_number(text);
}

std::string start_text(const Range& range) {
  if (range.start == -kInfinity) return "~:";
  // "0:" can only be left out where an end follows
  if (range.start == 0 && range.end != kInfinity) return "";
  return plain_number(range.start) + ":";
}

}  // namespace

std::optional<Range> parse_range(std::string_view text) {
  Range range;
  range.alert_inside = text.starts_with('@');
  if (range.alert_inside) text.remove_prefix(1);

  const auto colon = text.find(':');
  const bool has_start = colon != std::string_view::npos;
  const auto start = has_start ? parse_start(text.substr(0, colon)) : 0;
  const auto end = has_start ? parse_end(text.substr(colon + 1)) : parse_number(text);
  if (!start || !end || *start > *end) return std::nullopt;

  range.start = *start;
  range.end = *end;
  return range;
}

std::string to_string(const Range& range) {
  std::string text = range.alert_inside ? "@" : "";
  text += start_text(range);
  if (range.end != kInfinity) text += plain_number(range.end);
  return text;
}

}  // namespace pgrepl
