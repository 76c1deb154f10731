// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {

/// A check ("lag_growth") or one of its causes ("lag_growth/network"), and the scenario that misses
/// it soonest; null: none counts on it.
struct JudgingRow {
  std::string id;
  const Scenario* scenario = nullptr;
};

/// All of the catalogue, in its order.
std::vector<JudgingRow> judging_rows();

/// Where a row is proved that no scenario counts on.
struct Proof {
  std::string_view row;
  std::string_view file;  ///< under tests/
  std::string_view suite, test;
};

std::span<const Proof> proofs_elsewhere();
/// Null: there is none.
const Proof* proof_elsewhere(std::string_view row);

}  // namespace pgrepl::test
