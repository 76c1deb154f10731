// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {

/// How a scenario went.
struct Outcome {
  const Scenario* scenario = nullptr;
  std::vector<std::string> complaints;     ///< empty: all as it should be
  std::optional<double> detected_seconds;  ///< from the fault to the last of the verdicts
  int polls = 0;                           ///< of the cluster, meanwhile
  std::string health;                      ///< first line of `check_pgrepl health`, once detected
};

/// Sets the stage, breaks, watches, heals.  Never throws: what goes wrong is a complaint.
Outcome play(const Scenario& scenario);

/// Plays them, several at a time.  The outcomes come in the order of the scenarios.
std::vector<Outcome> play_all(const std::vector<const Scenario*>& scenarios);

}  // namespace pgrepl::test
