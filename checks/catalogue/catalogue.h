// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "checks/catalogue/check_row.h"
#include "checks/catalogue/fact_row.h"

namespace pgrepl {

/// Every published fact, in the order of the page.  Thread-safe.
std::span<const FactRow> facts();

/// Every check, in the order in which root causes come before their consequences.  Thread-safe.
std::span<const CheckRow> checks();

/// The check of that id, or null.  Thread-safe.
const CheckRow* find_check(std::string_view id);

/// The measure of that id within a check, or null.  Pure.
const MeasureRow* find_measure(const CheckRow& check, std::string_view id);

/// The default limits of a measure as ranges.  Pure.
Limits default_limits(const MeasureRow& measure);

}  // namespace pgrepl
