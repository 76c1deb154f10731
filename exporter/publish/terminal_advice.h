// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/judge/judge.h"
#include "exporter/publish/terminal_view.h"

namespace pgrepl {

/// Under the word "advice": what would be better otherwise although no check finds fault with it,
/// and what to type.  Empty if there is nothing.  Pure.
std::string advice_text(const ClusterReport& report, const TerminalStyle& style);

/// Whether a node that is out, or the primary after a failover, could come back as it is; empty
/// where that is not known, or where advice tells what stands in the way.  Pure.
std::string way_back_sentence(const ClusterReport& report);

}  // namespace pgrepl
