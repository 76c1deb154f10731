// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/memory_fields.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pgrepl {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr std::string_view kNothing = "%";

bool needs_escape(unsigned char byte) { return byte <= ' ' || byte == '%' || byte == 0x7f; }

std::optional<char> byte_from_hex(std::string_view digits) {
  if (digits.size() != 2) return std::nullopt;
  const std::size_t high = kHexDigits.find(digits[0]);
  const std::size_t low = kHexDigits.find(digits[1]);
  if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
  return static_cast<char>(static_cast<unsigned char>(high * 16 + low));
}

}  // namespace

std::string escaped(std::string_view text) {
  if (text.empty()) return std::string(kNothing);
  std::string field;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (needs_escape(byte)) {
      field += {'%', kHexDigits[byte / 16], kHexDigits[byte % 16]};
    } else {
      field += character;
    }
  }
  return field;
}

std::optional<std::string> unescaped(std::string_view field) {
  if (field == kNothing) return std::string();
  if (field.empty()) return std::nullopt;
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '%') {
      if (needs_escape(static_cast<unsigned char>(field[i]))) return std::nullopt;
      text += field[i];
      continue;
    }
    const std::optional<char> byte = byte_from_hex(field.substr(i + 1, 2));
    if (!byte) return std::nullopt;
    text += *byte;
    i += 2;
  }
  return text;
}

std::string_view Fields::raw() {
  if (!rest_) {
    well_formed_ = false;
    return {};
  }
  const std::size_t blank = rest_->find(' ');
  const std::string_view field = rest_->substr(0, blank);
  if (blank == std::string_view::npos) {
    rest_.reset();
  } else {
    rest_->remove_prefix(blank + 1);
  }
  return field;
}

std::string Fields::text() {
  std::optional<std::string> text = unescaped(raw());
  if (!text) well_formed_ = false;
  return std::move(text).value_or("");
}

Lsn Fields::lsn() {
  const std::optional<Lsn> lsn = Lsn::parse(raw());
  if (!lsn) well_formed_ = false;
  return lsn.value_or(Lsn{});
}

State Fields::state() {
  const std::optional<State> state = parse_state(raw());
  if (!state) well_formed_ = false;
  return state.value_or(State::unknown);
}

bool Fields::truth() {
  const int value = number<int>();
  if (value != 0 && value != 1) well_formed_ = false;
  return value == 1;
}

std::string_view Lines::next() {
  const std::size_t length = std::min(rest_.find('\n'), rest_.size());
  const std::string_view line = rest_.substr(0, length);
  rest_.remove_prefix(std::min(length + 1, rest_.size()));
  ++number_;
  return line;
}

}  // namespace pgrepl
