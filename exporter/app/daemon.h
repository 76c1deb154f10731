// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/app/command_line.h"

namespace pgrepl {

/// Polls and serves until SIGTERM or SIGINT; SIGHUP reads the configuration again.  Returns the
/// exit code: 0 after a signal, 1 if it cannot listen, 2 for mistakes in the configuration, all of
/// which are printed before anything listens.
int run_daemon(const CommandLine& line);

}  // namespace pgrepl
