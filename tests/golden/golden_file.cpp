// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/golden_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/checkout.h"

namespace pgrepl::test {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string first_difference(const std::string& expected, const std::string& actual) {
  std::istringstream left{expected}, right{actual};
  for (int number = 1;; ++number) {
    std::string a, b;
    const bool more_left = static_cast<bool>(std::getline(left, a));
    const bool more_right = static_cast<bool>(std::getline(right, b));
    if (!more_left && !more_right) return "line endings";
    if (a == b && more_left == more_right) continue;
    return "line " + std::to_string(number) + "\n  committed: " + (more_left ? a : "(end)") +
           "\n  now:       " + (more_right ? b : "(end)");
  }
}

}  // namespace

void expect_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path path = checkout() / "tests/golden" / name;
  if (std::getenv("PGREPL_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{path} << text;
    return;
  }
  const std::string committed = read(path);
  EXPECT_TRUE(committed == text)
      << name << " differs at " << first_difference(committed, text)
      << "\nif that is meant: PGREPL_UPDATE_GOLDEN=1 and commit the diff";
}

}  // namespace pgrepl::test
