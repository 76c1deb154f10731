// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgrepl {

/// Names for the places in a remedy's text.
using Names = std::vector<std::pair<std::string, std::string>>;

/// A remedy's lines with every {name} filled in.  A name that is not known leaves its own word
/// behind in capitals, for the reader to fill in.  Pure.
std::vector<std::string> fill_in(std::string_view remedy, const Names& names);

}  // namespace pgrepl
