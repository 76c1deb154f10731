// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "checks/catalogue/check_row.h"
#include "checks/nagios/check_query.h"

namespace pgrepl {

/// Every check with what it judges, its measures, their default thresholds and where those come
/// from. OK.  Pure.
PluginOutput list_checks(std::span<const CheckRow> checks);

}  // namespace pgrepl
