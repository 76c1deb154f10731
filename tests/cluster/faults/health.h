// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {

/// The sentence of a plugin, without its perfdata.
std::string first_line(const ProgramResult& plugin);

/// What is wrong with what `check_pgrepl health -v` says of a fault: its exit code, words that it
/// lacks, fixes that leave something to be filled in.
std::vector<std::string> health_faults(const Scenario& scenario, const ProgramResult& health);

}  // namespace pgrepl::test
