// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checks/nagios/findings.h"

namespace pgrepl {

/// The results of all asked clusters in one row, and what to tell of them first.
struct Flattened {
  std::vector<CheckResult> results;
  std::vector<std::string> cluster_of;  ///< stands parallel to results
  bool several_clusters = false;
  /// Nothing is bad but what maintenance mutes.  Where something else is, muted results take no
  /// part in what follows.
  bool muted = false;
  State state = State::unknown;           ///< the heaviest
  std::optional<std::size_t> lead_index;  ///< of the result that leads the answer
  std::vector<std::size_t> beside;        ///< further ones that lead, see Lead::beside
  std::size_t followers = 0;              ///< results that follow from these

  /// The result that leads the answer; null if there is none.
  const CheckResult* lead() const { return lead_index ? &results[*lead_index] : nullptr; }
  /// "cluster: " where an answer speaks of several.
  std::string prefix(std::size_t index) const;
};

/// Pure.
Flattened flatten(const std::vector<ClusterFindings>& found);

/// The verdict and what the first line says of it.
struct Sentence {
  State state = State::unknown;
  std::string text;
};

/// Pure.
Sentence sentence_for(const Scope& scope, const std::vector<ClusterFindings>& found,
                      const Flattened& flat);

}  // namespace pgrepl
