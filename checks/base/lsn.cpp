// SPDX-License-Identifier: Apache-2.0
#include "checks/base/lsn.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace pgrepl {
namespace {

std::optional<std::uint32_t> parse_half(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, 16);
  if (text.empty() || text.size() > 8 || error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Lsn> Lsn::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto high = parse_half(text.substr(0, slash));
  const auto low = parse_half(text.substr(slash + 1));
  if (!high || !low) return std::nullopt;
  return Lsn{(std::uint64_t{*high} << 32) | *low};
}

std::string to_string(Lsn lsn) {
  std::array<char, 18> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%X/%X", static_cast<unsigned>(lsn.bytes() >> 32),
                    static_cast<unsigned>(lsn.bytes() & 0xFFFFFFFFU));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace pgrepl
