// SPDX-License-Identifier: Apache-2.0
#include "checks/base/utf8.h"

#include <array>

namespace pgrepl {
namespace {

/// One of the four lengths of a character: how its first byte looks and which codes it may hold.
struct Form {
  unsigned mask, mark;  ///< of the first byte
  char32_t smallest;    ///< anything less has a shorter form
  std::size_t length;
};

constexpr std::array kForms{Form{0x80, 0x00, 0x0, 1}, Form{0xE0, 0xC0, 0x80, 2},
                            Form{0xF0, 0xE0, 0x800, 3}, Form{0xF8, 0xF0, 0x10000, 4}};

bool is_scalar_value(char32_t code) {
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code <= 0x10FFFF && !surrogate;
}

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

std::optional<char32_t> decode(std::string_view text, const Form& form) {
  if (text.size() < form.length) return std::nullopt;
  char32_t code = byte_at(text, 0) & ~form.mask;
  for (std::size_t i = 1; i < form.length; ++i) {
    const unsigned byte = byte_at(text, i);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    code = (code << 6) | (byte & 0x3F);
  }
  if (code < form.smallest || !is_scalar_value(code)) return std::nullopt;
  return code;
}

}  // namespace

Utf8Character first_character(std::string_view text) {
  for (const Form& form : kForms) {
    if ((byte_at(text, 0) & form.mask) != form.mark) continue;
    if (const auto code = decode(text, form)) return {code, form.length};
  }
  return {};
}

}  // namespace pgrepl
