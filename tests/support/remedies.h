// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgrepl::test {

/// What is wrong with a line of a fix as it is shown: that it is of no remedy of the catalogue, or
/// that the remedy names a {thing} which nobody filled in, and which fill_in() leaves in capitals
/// to the reader.  Capitals that the remedy has of its own, as SQL does, are none.
std::vector<std::string> remedy_faults(std::string_view line);

}  // namespace pgrepl::test
