// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pgrepl {

enum class Command { run, check_config };

/// What the command line asks for.
struct CommandLine {
  Command command = Command::run;
  std::string config_file = "/etc/pgrepl/pgrepl.toml";
  std::vector<std::string> listen_addresses;  ///< empty: as configured
  std::optional<std::string> telemetry_path;  ///< the same
  std::optional<std::string> log_level, log_format;
};

/// The wish, or the exit code after help, version or a usage error has been printed.
std::variant<CommandLine, int> parse_command_line(int argc, char** argv);

}  // namespace pgrepl
