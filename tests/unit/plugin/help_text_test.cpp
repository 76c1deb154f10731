// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/help_text.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace pgrepl::plugin {
namespace {

TEST(HelpText, FitsOneScreen) {
  std::istringstream lines{std::string(help_text())};
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_LE(count, 24);
}

}  // namespace
}  // namespace pgrepl::plugin
