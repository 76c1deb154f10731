// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "checks/base/lsn.h"
#include "checks/base/state.h"

namespace pgrepl {

/// A text as one field of a line: blanks, control characters and '%' become "%XX", and nothing
/// becomes a lone "%".  Pure.
std::string escaped(std::string_view text);

/// The inverse of escaped(); absent for a malformed field.  Pure.
std::optional<std::string> unescaped(std::string_view field);

/// The fields of one line, separated by single blanks, taken from left to right.  What is missing
/// or malformed is replaced by a default and noted, so that a caller takes all and asks once.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(line) {}

  std::string_view raw();
  std::string text();
  Lsn lsn();
  State state();
  bool truth();  ///< 0 or 1

  template <class Integer>
  Integer number() {
    const std::string_view field = raw();
    Integer value{};
    const char* end = field.data() + field.size();
    const auto [stop, error] = std::from_chars(field.data(), end, value);
    if (error == std::errc{} && stop == end && !field.empty()) return value;
    well_formed_ = false;
    return {};
  }

  /// Whether no field is left.
  bool at_end() const { return !rest_; }

  void mark_malformed() { well_formed_ = false; }

  /// Whether every field that was taken was there and well-formed, and none is left.
  bool complete() const { return well_formed_ && !rest_; }

 private:
  std::optional<std::string_view> rest_;
  bool well_formed_ = true;
};

/// The lines of a text, one by one and counted; the last one need not have its line break.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::size_t number() const { return number_; }  ///< of the line that next() gave, from 1
  std::string_view next();

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

}  // namespace pgrepl
