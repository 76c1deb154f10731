// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/time.h"
#include "exporter/publish/report_board.h"

namespace pgrepl {

/// The page for people: per cluster the worst state, the root cause in a sentence, the nodes, what
/// is bad and how to mend it.  Plain HTML without scripts and without anything from elsewhere; it
/// loads itself anew, so that a page left open does not show a green that is long over.  Pure.
std::string status_page(const Board& board, Instant now, const std::string& telemetry_path);

}  // namespace pgrepl
