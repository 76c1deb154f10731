// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace pgrepl {

/// What would be better otherwise, although nothing is wrong: told by doctor and status, judged by
/// no check.
struct Advice {
  std::string node;
  std::string text;  ///< one sentence without a full stop
  std::string fix;   ///< lines of what to type, names filled in

  bool operator==(const Advice&) const = default;
};

}  // namespace pgrepl
