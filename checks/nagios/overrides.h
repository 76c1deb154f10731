// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "checks/base/result.h"
#include "checks/catalogue/check_row.h"
#include "checks/model/check_result.h"
#include "checks/nagios/check_query.h"

namespace pgrepl {

/// The ranges that a query gives in place of the configured ones, by measure id.
using Overrides = std::map<std::string, Limits, std::less<>>;

/// Reads the ranges of a query about `check` (null: health, which takes none).  The error is a
/// sentence that names the offending text, and for an unknown measure the known ones.  Pure.
Result<Overrides, std::string> read_overrides(const CheckQuery& query, const CheckRow* check);

/// The result as the given ranges have it.  A measure with a range of its own is graded at once,
/// without hold time; the others, and a cause that asserts a state by itself, count as far as they
/// have been published.  A result without an overridden measure stays as it is.  Pure.
CheckResult regraded(CheckResult result, const CheckRow& check, const Overrides& overrides);

}  // namespace pgrepl
