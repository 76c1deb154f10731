// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/cluster/faults/bite/proofs.h"

namespace pgrepl::test {

/// Whether the proof is a unit test, which can be run with its row switched off.
bool is_unit_test(const Proof& proof);

/// How the unit test goes with the whole catalogue, and without that row.
struct UnitProof {
  bool passes_with = false, fails_without = false;
};
UnitProof try_out(const Proof& proof);

}  // namespace pgrepl::test
