// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {

/// How a scenario went.
struct Outcome {
  const Scenario* scenario = nullptr;
  std::vector<std::string> complaints;     ///< empty: all as it should be
  bool misses_a_verdict = false;           ///< one never came, or with another cause
  std::optional<double> detected_seconds;  ///< from the fault to the last of the verdicts
  int polls = 0;                           ///< of the cluster, meanwhile
  std::string health;                      ///< first line of `check_pgrepl health`, once detected
  std::string doctor;                      ///< the causes that `pgrepl_exporter doctor` names
  std::vector<std::string> peers;          ///< what other tools say while it lasts
};

/// A scenario, and how it is to be played.
struct Staging {
  const Scenario* scenario = nullptr;
  std::string exporter = {};                            ///< another one than the real one
  std::map<std::string, std::string> environment = {};  ///< of the exporter
  bool asks_peers = false;                              ///< what other tools say of the same fault
  std::chrono::seconds patience{
      90};  ///< for the verdicts: the longest hold time, several times over
};

/// How long all that must not change is watched.
std::chrono::seconds watch_of(const Scenario& scenario);

/// Sets the stage, breaks, watches, heals.  Never throws: what goes wrong is a complaint.
Outcome play(const Staging& staging);

/// Plays them, several at a time.  The outcomes come in the order of the stagings.
std::vector<Outcome> play_all(const std::vector<Staging>& stagings);

}  // namespace pgrepl::test
