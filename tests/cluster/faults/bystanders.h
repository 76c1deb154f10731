// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/cluster/faults/scenario.h"
#include "tests/cluster/faults/statuses.h"

namespace pgrepl::test {

/// The checks that nobody names: they have to stay OK.
class Bystanders {
 public:
  /// But those that `must` be something, and what others `may` be.
  Bystanders(std::vector<Verdict> must, Changes may)
      : must_(std::move(must)), may_(std::move(may)) {}

  /// What they say that they have not said before, unless it is OK.
  std::vector<Status> new_ones(const std::vector<Status>& said);
  /// What they have begun to find, and go on finding: one poll may catch the pair in the midst of a
  /// change, and a hold time is there for that.
  std::vector<Status> lasting_ones(const std::vector<Status>& young,
                                   std::chrono::steady_clock::time_point now);

 private:
  bool may_change(const Status& status) const;

  std::vector<Verdict> must_;
  Changes may_;
  std::set<std::string> told_;
  std::map<std::string, std::chrono::steady_clock::time_point> begun_;
};

}  // namespace pgrepl::test
