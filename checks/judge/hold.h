// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "checks/analysis/memory.h"
#include "checks/catalogue/check_row.h"

namespace pgrepl {

/// Applies a hold time to what this poll says.  A finding that is worse than what is published, and
/// one that could not be looked at, counts only after it has lasted; a recovery counts at once.
/// Without `before` (never judged) there is nothing to protect: this poll counts at once.  Pure.
HoldMemory hold(const std::optional<HoldMemory>& before, State raw, const Hold& needed,
                SteadyTime now);

}  // namespace pgrepl
