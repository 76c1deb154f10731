// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/cluster/faults/stage.h"

namespace pgrepl::test {

/// The causes that `pgrepl_exporter doctor` names, asked on this machine with the login that the
/// standby was set up with: "hba on wallix-a1".
std::vector<std::string> doctor_says(Stage& stage);

}  // namespace pgrepl::test
