// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "exporter/app/command_line.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// Looks at the clusters now and prints what it sees, once or until SIGINT or SIGTERM.  Returns the
/// worst state of what it printed last; kCouldNotLook for mistakes in the configuration.
int show_status(const CommandLine& line);

/// The configuration of a command, with the only cluster that the command line asks for;
/// absent, and the reason is printed to standard error, if that cannot be.
std::optional<Config> load_clusters(const CommandLine& line);

}  // namespace pgrepl
