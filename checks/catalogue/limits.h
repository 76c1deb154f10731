// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "checks/catalogue/check_row.h"
#include "checks/thresholds/thresholds.h"

namespace pgrepl {

/// The limits that a measure of `check` is judged by on a node: what is configured, else what it
/// follows (MeasureRow::critical_follows), else its defaults.  `scaled_defaults`, of a measured
/// value, take the place of the row's.  `node` empty: as for a node without thresholds of its own.
/// Pure.
Limits limits_in_force(const CheckRow& check, const MeasureRow& measure,
                       const Thresholds& thresholds, std::string_view node,
                       const std::optional<Limits>& scaled_defaults = std::nullopt);

}  // namespace pgrepl
