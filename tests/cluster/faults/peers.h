// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/faults/stage.h"

namespace pgrepl::test {

/// What check_postgres and check_pgactivity say of the pair now: "tool | verdict", one
/// for each of their checks that says anything but OK, or one that says that all are OK.  Throws if
/// a tool is not installed.
std::vector<std::string> peers_say(Stage& stage);

}  // namespace pgrepl::test
