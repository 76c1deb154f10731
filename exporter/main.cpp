// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <iostream>
#include <variant>

#include "exporter/app/check_config.h"
#include "exporter/app/command_line.h"
#include "exporter/app/daemon.h"

int main(int argc, char** argv) {
  try {
    const auto line = pgrepl::parse_command_line(argc, argv);
    if (const int* exit_code = std::get_if<int>(&line)) return *exit_code;
    const auto& wish = std::get<pgrepl::CommandLine>(line);
    return wish.command == pgrepl::Command::check_config ? pgrepl::check_config(wish)
                                                         : pgrepl::run_daemon(wish);
  } catch (const std::exception& error) {
    std::cerr << "pgrepl_exporter: " << error.what() << '\n';
    return 1;
  }
}
