// SPDX-License-Identifier: Apache-2.0
#include "checks/base/number.h"

#include <charconv>
#include <cmath>
#include <system_error>

namespace pgrepl {

std::optional<LeadingNumber> leading_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
  return LeadingNumber{value, text.substr(static_cast<std::size_t>(rest - text.data()))};
}

std::optional<double> parse_number(std::string_view text) {
  const auto number = leading_number(text);
  if (!number || !number->rest.empty()) return std::nullopt;
  return number->value;
}

std::optional<int> parse_port(std::string_view text) {
  constexpr int kHighest = 65535;
  int port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  const bool whole = error == std::errc{} && rest == end;
  if (!whole || port < 1 || port > kHighest) return std::nullopt;
  return port;
}

}  // namespace pgrepl
