// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "checks/judge/judge.h"

namespace pgrepl {

struct TerminalStyle {
  std::size_t width = 80;
  bool colour = false;
};

/// The page for a terminal: per cluster the worst state and the root cause in a sentence; nodes,
/// lag by stage, slots, WAL, archive and disks in tables; then all findings, heaviest first and
/// root causes before their consequences, with what to type; advice; the last events.
///
/// `notes` are sentences for the end.  "?" is what is not known, "-" what does not apply.  ASCII,
/// but for texts of servers; only commands are longer than the width.  Pure.
std::string terminal_view(std::span<const ClusterReport> reports,
                          std::span<const std::string> notes, const TerminalStyle& style);

/// The heaviest state of all reports' results; UNKNOWN where there is none.  Pure.
State worst_state(std::span<const ClusterReport> reports);

}  // namespace pgrepl
