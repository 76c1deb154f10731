// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/app/command_line.h"

namespace pgrepl {

/// Prints what the configuration amounts to, or every mistake in it.  Returns 0 or 2.
int check_config(const CommandLine& line);

}  // namespace pgrepl
