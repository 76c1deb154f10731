// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"
#include "tests/unit/analysis/dice.h"

namespace pgrepl::test {

/// A memory with anything in it that a ClusterMemory may hold, strange names included; all its
/// times lie before `now`.
ClusterMemory random_memory(Dice& dice, Instant now);

}  // namespace pgrepl::test
