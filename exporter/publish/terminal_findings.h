// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/judge/judge.h"
#include "exporter/publish/terminal_view.h"

// Findings, for the terminal.  All pure.
namespace pgrepl {

/// Where the text of a finding begins: behind the longest state.
inline constexpr std::size_t kFindingIndent = 10;

/// How a state looks.
std::string painted_state(State state, bool colour);

/// A sentence behind a state, wrapped beneath itself.
std::string led_by_state(State state, std::string_view sentence, const TerminalStyle& style);

/// A sentence beneath a state's sentence.
std::string beneath_state(std::string_view sentence, const TerminalStyle& style);

/// At most so many lines of what to type.
std::string fix_text(std::span<const std::string> fix, std::size_t most);

/// What is not OK, heaviest first, root causes before their consequences, and last what could not
/// be looked at.
std::vector<const CheckResult*> bad_results(const ClusterReport& report);

/// Results of that report with at most `fix_lines` of what to type; what could not be looked at for
/// one and the same reason is told in one paragraph.
std::string findings_text(std::span<const CheckResult* const> results, const ClusterReport& report,
                          const TerminalStyle& style, std::size_t fix_lines);

}  // namespace pgrepl
