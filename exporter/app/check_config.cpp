// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/check_config.h"

#include <iostream>

#include "exporter/app/load_config.h"
#include "exporter/config/describe.h"

namespace pgrepl {

int check_config(const CommandLine& line) {
  const auto config = load_config(line);
  if (!config) return 2;
  std::cout << describe(*config);
  return 0;
}

}  // namespace pgrepl
