// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <iostream>
#include <variant>

#include "exporter/app/check_config.h"
#include "exporter/app/command_line.h"
#include "exporter/app/daemon.h"
#include "exporter/app/doctor.h"
#include "exporter/app/maintain.h"
#include "exporter/app/show_status.h"

namespace {

int obey(const pgrepl::CommandLine& wish) {
  switch (wish.command) {
    case pgrepl::Command::check_config:
      return pgrepl::check_config(wish);
    case pgrepl::Command::status:
      return pgrepl::show_status(wish);
    case pgrepl::Command::doctor:
      return pgrepl::run_doctor(wish);
    case pgrepl::Command::maintenance:
      return pgrepl::maintain(wish);
    case pgrepl::Command::run:
      break;
  }
  return pgrepl::run_daemon(wish);
}

}  // namespace

int main(int argc, char** argv) {
  int failed = 1;
  try {
    const auto line = pgrepl::parse_command_line(argc, argv);
    if (const int* exit_code = std::get_if<int>(&line)) return *exit_code;
    const auto& wish = std::get<pgrepl::CommandLine>(line);
    if (pgrepl::exits_with_a_state(wish.command)) failed = pgrepl::kCouldNotLook;
    return obey(wish);
  } catch (const std::exception& error) {
    std::cerr << "pgrepl_exporter: " << error.what() << '\n';
    return failed;
  }
}
