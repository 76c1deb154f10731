// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "exporter/publish/terminal_view.h"

namespace pgrepl {

/// Whether somebody looks at standard output.
bool output_is_terminal();

/// Lines that the terminal shows; absent where there is none.
std::optional<std::size_t> output_lines();

/// How to write there: in colour only on a terminal, and not where NO_COLOR or TERM=dumb says so;
/// as wide as the terminal, but not below 80 columns, which is also the width of a file.
TerminalStyle output_style();

}  // namespace pgrepl
