// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checks/base/time.h"

namespace pgrepl::test {

/// What the real program did.
struct PluginRun {
  int exit_code = 0;
  std::string out;
  Seconds took{0};

  std::string first_line() const { return out.substr(0, out.find('\n')); }
};

/// Runs check_pgrepl and demands what holds for every run of it: an exit code from 0 to 3, nothing
/// on standard error, and an output without fault whose first line names the state of the exit
/// code.
PluginRun run_plugin(const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& environment = {});

/// The same without the demands on the output, for help and version.
PluginRun run_plugin_for_text(const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment = {});

}  // namespace pgrepl::test
