// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/judge/judge.h"
#include "exporter/publish/terminal_view.h"

namespace pgrepl {

/// Under the word "advice": what would be better otherwise although no check finds fault with it,
/// and what to type.  Empty if there is nothing.  Pure.
std::string advice_text(const ClusterReport& report, const TerminalStyle& style);

/// Which nodes that are out, or that the primary after a failover, could come back as they are;
/// without those of which that is not known, or where findings and advice tell what stands in the
/// way.  Pure.
std::vector<std::string> way_back_sentences(const ClusterReport& report);

}  // namespace pgrepl
