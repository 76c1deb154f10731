// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pgrepl {

enum class Command { run, check_config, status, doctor, maintenance };

/// Whether a command's exit code is a state, as a plugin's is.
constexpr bool exits_with_a_state(Command command) {
  return command == Command::status || command == Command::doctor;
}

/// The exit code of a command whose exit code is a state, when it could not look at all.
inline constexpr int kCouldNotLook = 3;

/// What the command line asks for.
struct CommandLine {
  Command command = Command::run;
  std::string config_file = "/etc/pgrepl/pgrepl.toml";
  std::vector<std::string> listen_addresses;  ///< empty: as configured
  std::optional<std::string> telemetry_path;  ///< the same
  std::optional<std::string> log_level, log_format;
  std::optional<std::string> cluster;           ///< the only one that a command is about
  std::string output = "text";                  ///< status: text or json
  bool watch = false;                           ///< status: again and again
  std::optional<std::string> replication_user;  ///< doctor: in place of the configured ones
  std::optional<std::string> maintenance_for;   ///< maintenance: the length to announce
  bool maintenance_end = false;                 ///< maintenance: end what was announced
  std::string maintenance_reason;               ///< empty: none
};

/// The wish, or the exit code after help, version or a usage error has been printed.
std::variant<CommandLine, int> parse_command_line(int argc, char** argv);

}  // namespace pgrepl
