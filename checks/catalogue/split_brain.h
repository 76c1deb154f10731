// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checks/catalogue/check_row.h"

namespace pgrepl::catalogue {

/// What proves the split brain that the topology tells of, behind "both primary": the system, each
/// primary's timeline and position, where they part, and who streams from whom.  Pure.
std::string split_brain_evidence(const CheckFacts& facts);

/// The names for its remedy: {older} and {newer}, by timeline, {older_timeline}, where it was left
/// ({fork}), and the {data} directory of the older.  Pure.
std::vector<std::pair<std::string, std::string>> split_brain_names(const CheckFacts& facts);

}  // namespace pgrepl::catalogue
