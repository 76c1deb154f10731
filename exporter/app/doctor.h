// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/app/command_line.h"

namespace pgrepl {

/// Walks the guide's troubleshooting list on every cluster, and prints a line per test, then the
/// findings with what to type.  Returns the worst state; kCouldNotLook for mistakes in the
/// configuration.
int run_doctor(const CommandLine& line);

}  // namespace pgrepl
