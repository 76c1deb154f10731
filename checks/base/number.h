// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace pgrepl {

/// A number and the text that stands behind it.
struct LeadingNumber {
  double value = 0;
  std::string_view rest;
};

/// The decimal number at the beginning of `text`, with exponent or without.  Absent when there is
/// none, and for what is not finite ("inf", "nan", 1e999).  Locale-independent.  Pure.
std::optional<LeadingNumber> leading_number(std::string_view text);

/// The same, for a text that is a number and nothing else.  Pure.
std::optional<double> parse_number(std::string_view text);

/// A TCP port: digits that say 1 to 65535, and nothing else.  Pure.
std::optional<int> parse_port(std::string_view text);

}  // namespace pgrepl
