// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/judge/judge.h"
#include "exporter/publish/terminal_view.h"

namespace pgrepl {

/// The last few events, the newest first: when, what, of which node, how long it lasted, what was
/// seen.  Empty if nothing has happened.  Pure.
std::string journal_text(const ClusterReport& report, const TerminalStyle& style);

}  // namespace pgrepl
