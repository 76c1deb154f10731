// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/time.h"
#include "checks/catalogue/check_row.h"
#include "checks/judge/freshness_check.h"
#include "checks/judge/judge.h"
#include "checks/model/check_result.h"

namespace pgrepl {

/// Whether a report may still be believed.  Pure.
bool is_fresh(const ClusterReport& report, SteadyTime now);

/// "report is 40 s old, limit 15 s".  Pure.
std::string freshness_sentence(const ClusterReport& report, SteadyTime now);

/// The verdict of data_freshness: OK, or CRITICAL beyond the limit.  `row` may be null, then it has
/// no remedy.  Pure.
CheckResult judge_freshness(const ClusterReport& report, const CheckRow* row, SteadyTime now);

}  // namespace pgrepl
