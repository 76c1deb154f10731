// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "checks/catalogue/check_row.h"

namespace pgrepl {

/// The page that tells of every check what it judges, when it counts, its default thresholds with
/// their source, and of every cause what it means and what to type.  A check's anchor is its id
/// with
/// '-' for '_', as in "#replay-lag"; a cause's is both ids, "#replay-lag-network".  Pure.
std::string runbook_page(std::span<const CheckRow> checks);

}  // namespace pgrepl
