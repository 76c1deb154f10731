// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "exporter/app/command_line.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// The configuration file with the command line laid over it; absent, and every mistake in either
/// is printed to standard error, if there is one.
std::optional<Config> load_config(const CommandLine& line);

}  // namespace pgrepl
