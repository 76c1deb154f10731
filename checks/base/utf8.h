// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace pgrepl {

/// One character of a text that ought to be UTF-8.
struct Utf8Character {
  std::optional<char32_t> code;  ///< absent: the byte here begins no valid character
  std::size_t length = 1;        ///< bytes it takes; 1 where it is not valid
};

/// The first character of a text that is not empty.  Overlong forms, surrogates and what lies
/// beyond U+10FFFF are not valid.  Pure.
Utf8Character first_character(std::string_view text);

}  // namespace pgrepl
