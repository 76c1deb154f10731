// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/config/read_config.h"

namespace pgrepl {

/// A position in one of the files that make up a configuration.  Line and column count from 1; line
/// 0 means the file as a whole.
struct Place {
  std::size_t file = 0;  ///< index of Problems::add_file()
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  auto operator<=>(const Place&) const = default;
};

/// Gathers mistakes while reading goes on, so that all of them are told at once.
class Problems {
 public:
  /// Makes a file known by the name that messages show.  Returns its index.
  std::size_t add_file(std::string name);

  /// `text` is lower case, without a final stop, and never shows a value that may be a secret.
  void add(Place place, std::string text);

  bool empty() const { return found_.empty(); }

  /// All mistakes as "file:line:column: text", by file, line and column; each once.
  std::vector<Problem> in_order() const;

 private:
  struct Found {
    Place place;
    std::string text;
    auto operator<=>(const Found&) const = default;
  };
  std::vector<std::string> files_;
  std::vector<Found> found_;
};

/// A name or a value between double quotes, on one line, as messages show it.  Pure.
std::string in_quotes(std::string_view text);

/// `"a", "b" or "c"`, for messages that list what is possible; the last word before the end is
/// `last`. Pure.
std::string list_in_quotes(const std::vector<std::string>& texts, std::string_view last = "or");

}  // namespace pgrepl
