// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/doctor.h"

#include <sstream>

namespace pgrepl::test {

std::vector<std::string> doctor_says(Stage& stage) {
  constexpr std::string_view kCause = "cause     ";
  const ProgramResult result =
      run_program({.argv = {exporter_program(), "doctor", "--config.file",
                            stage.watch().exporter().config_file().string(), "--replication-user",
                            kReplicatorRole},
                   .environment = {{"PGREPL_REPLICATION_PASSWORD", kReplicatorPassword}}});
  std::vector<std::string> causes;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kCause)) causes.push_back(line.substr(kCause.size()));
  }
  return causes;
}

}  // namespace pgrepl::test
