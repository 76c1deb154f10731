// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "checks/model/check_result.h"

namespace pgrepl {

/// What is to be told first of a cluster.
struct Lead {
  const CheckResult* result = nullptr;  ///< null: there is no result
  /// Findings of the same check and weight that follow from nothing either, such as a second server
  /// that is dead.
  std::vector<const CheckResult*> beside = {};
  std::size_t followers = 0;  ///< findings that follow from all these, directly or through others
};

/// The finding that the heaviest ones follow from, by the table of dependences, or are; among
/// several the one from which most follows, and among equals the first, in the catalogue's order.
/// It may weigh less than what follows from it.  With everything OK the first result.  The results
/// are those of one cluster, none null.  Pure.
Lead find_lead(std::span<const CheckResult* const> results);

/// Its result alone.
const CheckResult* root_cause(std::span<const CheckResult> results);

/// The heaviest state of the results; UNKNOWN if there are none.  Pure.
State heaviest_state(std::span<const CheckResult> results);
State heaviest_state(std::span<const CheckResult* const> results);

/// Where they stand.
std::vector<const CheckResult*> pointers_to(std::span<const CheckResult> results);

}  // namespace pgrepl
