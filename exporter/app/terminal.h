// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "exporter/publish/terminal_view.h"

namespace pgrepl {

/// Whether somebody looks at standard output.
bool output_is_terminal();

/// The first lines of a text, as many as the screen takes, those that are longer than it is wide
/// counted as they wrap; the last one says so where that is not all.  Each ends its line on the
/// screen.
std::string cut_to_screen(const std::string& text);

/// How to write there: in colour only on a terminal, and not where NO_COLOR or TERM=dumb says so;
/// as wide as the terminal, but not below 80 columns, which is also the width of a file.
TerminalStyle output_style();

}  // namespace pgrepl
