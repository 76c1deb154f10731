// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/base/result.h"
#include "checks/nagios/answer_from.h"

namespace pgrepl {

/// One of the clusters that a query is about.
struct ClusterScope {
  std::string name;
  const ClusterReport* report = nullptr;  ///< null: no poll yet
};

/// What a query is about, every name found.
struct Scope {
  const CheckRow* check = nullptr;  ///< null: health
  std::vector<ClusterScope> clusters;
  std::string node;  ///< empty: all
};

/// Finds the names of a query.  The error is a sentence that names the unknown one, the nearest
/// known one and all that are known.  A node is unknown only if the reports could tell: before the
/// first poll nobody knows the nodes.  Pure.
Result<Scope, std::string> find_scope(const KnownWorld& world, const CheckQuery& query);

}  // namespace pgrepl
