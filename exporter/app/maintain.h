// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/app/command_line.h"

namespace pgrepl {

/// Announces a cluster's maintenance to the daemon by way of its store, ends it, or prints what is
/// in force.  Returns 0; 1 if the store does not serve; 2 for mistakes in the command line or the
/// configuration.  Errors are printed to standard error, one line each.
int maintain(const CommandLine& line);

}  // namespace pgrepl
