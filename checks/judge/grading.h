// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "checks/base/state.h"
#include "checks/catalogue/check_row.h"
#include "checks/model/check_result.h"
#include "checks/thresholds/thresholds.h"

namespace pgrepl {

/// What the numbers of one reading are worth.
struct Grading {
  State state = State::ok;
  bool certain =
      true;  ///< false: the bounds of a value enclose its limit, so a second poll must agree
  std::vector<MeasureResult>
      measures;  ///< all of the check's; one without a value shows its limits
};

/// Grades the values of a reading against the limits in force on its node.  A value known within
/// bounds is bad for certain when even its good end is beyond the limit, and fine when its bad end
/// is not.  Pure.
Grading grade_values(const CheckRow& check, const Reading& reading, const Thresholds& thresholds);

}  // namespace pgrepl
