// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {

/// The checks that a scenario does not name: they have to stay OK.
class Bystanders {
 public:
  explicit Bystanders(const Scenario& scenario) : scenario_(scenario) {}

  /// What they say on this page that they have not said before, unless it is OK.
  std::vector<std::string> new_ones(const MetricsPage& page);

 private:
  const Scenario& scenario_;
  std::set<std::string> told_;
};

}  // namespace pgrepl::test
