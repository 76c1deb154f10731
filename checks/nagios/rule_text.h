// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/catalogue/check_row.h"

// The rules of a row in words, for runbooks.  All pure.
namespace pgrepl {

/// "A finding counts once it has lasted for 15 s."
std::string hold_text(const Hold& hold);

/// The key under [thresholds] that moves a measure: "replay_lag", or "archive.backlog" where a
/// check has several.
std::string threshold_key(const CheckRow& check, const MeasureRow& measure);

/// The default limits: "> 10 s", or "never".
std::string warning_text(const MeasureRow& measure);
std::string critical_text(const MeasureRow& measure);

}  // namespace pgrepl
