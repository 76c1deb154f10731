// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "checks/catalogue/check_row.h"
#include "checks/model/check_result.h"

namespace pgrepl {

/// What the probable cause of a result means, in sentences with a full stop, as the catalogue's
/// `checks` say it.  Empty while the result is OK, and where no cause is known.  Pure.
std::string_view probable_cause(std::span<const CheckRow> checks, const CheckResult& result);

}  // namespace pgrepl
