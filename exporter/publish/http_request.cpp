// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/http_request.h"

#include <algorithm>
#include <charconv>

namespace pgrepl {
namespace {

/// Cuts the text before the next `separator` off `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const auto at = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

std::optional<char> decode_escape(std::string_view two_digits) {
  unsigned value = 0;
  const char* end = two_digits.data() + two_digits.size();
  const auto [stop, error] = std::from_chars(two_digits.data(), end, value, 16);
  if (two_digits.size() != 2 || error != std::errc{} || stop != end) return std::nullopt;
  return static_cast<char>(value);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%') {
      const auto escaped = decode_escape(text.substr(i + 1, 2));
      if (!escaped) return std::nullopt;
      c = *escaped;
      i += 2;
    }
    if (is_control(c)) return std::nullopt;
    decoded.push_back(c);
  }
  return decoded;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// "q=0", "q=0.0", "q=0.000": not wanted.
bool is_refused(std::string_view parameter) {
  parameter = trim(parameter);
  return parameter.starts_with("q=0") && parameter.find_first_of("123456789") == parameter.npos;
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> query;
  while (!text.empty()) {
    std::string_view pair = take_until(text, '&');
    if (pair.empty()) continue;
    const auto key = decode(take_until(pair, '='));
    const auto value = decode(pair);
    if (!key || !value) return std::nullopt;
    query.emplace_back(*key, *value);
  }
  return query;
}

bool allows_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    std::string_view offer = take_until(accept_encoding, ',');
    const std::string_view name = trim(take_until(offer, ';'));
    if (name == "gzip") return !is_refused(offer);
  }
  return false;
}

}  // namespace pgrepl
