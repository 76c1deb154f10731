// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "checks/catalogue/check_row.h"

namespace pgrepl {

/// The runbook as Markdown, one section for each check with an anchor of its id: what it asks, its
/// default limits, and for each cause what it means and what to type.  runbook.md is this text, and
/// a test fails when it is stale.  Pure.
std::string runbook_markdown(std::span<const CheckRow> checks);

}  // namespace pgrepl
