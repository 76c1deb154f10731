// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tests/unit/analysis/dice.h"

namespace pgrepl::test {

/// A random text near synchronous_standby_names: the grammar's own words in any order, so that
/// about one in five is one.  Printable ASCII without line breaks, for ALTER SYSTEM takes none.
inline std::string random_sync_names(Dice& dice) {
  static constexpr std::string_view kPieces[] = {
      "a2",  "A2",      "\"a-2\"", "\"a\"\"2\"", "*",          "\"*\"",
      "ANY", "first",   "2",       "0",          "007",        "(",
      "(",   ")",       ")",       ",",          ",",          ",",
      " ",   "1",       "\"",      "a$2",        "-",          "'",
      "b_3", "ANY 1 (", "2(",      "FIRST 3 (",  "4294967297", "99999999999999999999"};
  std::string text;
  for (auto left = 1 + dice.up_to(7); left > 0; --left) {
    text += kPieces[static_cast<std::size_t>(dice.up_to(std::size(kPieces) - 1))];
    if (dice.one_in(3)) text += ' ';
  }
  return text;
}

}  // namespace pgrepl::test
