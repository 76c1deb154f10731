// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checks/catalogue/check_row.h"

namespace pgrepl::catalogue {

/// What proves the split brain that the topology tells of, in one sentence: the system, each
/// primary's timeline and position, and who streams from whom.  Pure.
std::string split_brain_evidence(const CheckFacts& facts);

/// The names for its remedy: {older} and {newer}, by timeline.  Pure.
std::vector<std::pair<std::string, std::string>> split_brain_names(const CheckFacts& facts);

}  // namespace pgrepl::catalogue
