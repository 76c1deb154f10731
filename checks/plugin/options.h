// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "checks/base/result.h"
#include "checks/base/time.h"
#include "checks/plugin/target.h"

namespace pgrepl::plugin {

/// What the command line asks for.
struct Options {
  enum class Mode { check, help, version };

  Mode mode = Mode::check;
  std::vector<Target> daemons;  ///< in the order in which they are asked; never empty
  std::string check = "health";
  std::string cluster, node;                   ///< empty: all
  std::vector<std::string> warning, critical;  ///< "range" or "measure=range"
  Seconds time_limit{10};                      ///< over everything
  int verbosity = 0;
};

/// Reads the command line, arguments[0] being the program's name.  The error is a sentence.  Uses
/// getopt_long(), which keeps its state in globals: one thread at a time.
Result<Options, std::string> read_options(std::span<char* const> arguments);

}  // namespace pgrepl::plugin
