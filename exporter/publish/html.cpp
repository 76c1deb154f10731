// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/html.h"

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::size_t kMaxText = 4096;

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string escaped;
  for (const char c : one_line(text, kMaxText)) {
    const std::string_view replaced = entity(c);
    if (replaced.empty()) escaped += c;
    escaped += replaced;
  }
  return escaped;
}

std::string html_element(std::string_view tag, std::string_view text, std::string_view attributes) {
  std::string html = "<" + std::string(tag);
  if (!attributes.empty()) html += " " + std::string(attributes);
  return html + ">" + html_escape(text) + "</" + std::string(tag) + ">";
}

std::string html_row(std::string_view cell_tag, std::initializer_list<std::string_view> texts) {
  std::string row = "<tr>";
  for (const std::string_view text : texts) row += html_element(cell_tag, text);
  return row + "</tr>\n";
}

}  // namespace pgrepl
