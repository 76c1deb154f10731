// SPDX-License-Identifier: Apache-2.0
// check_pgrepl is copied to machines that have nothing of ours: glibc alone must do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

#include "tests/support/process.h"

namespace pgrepl::test {
namespace {

/// The shared libraries that the program asks the loader for.
std::set<std::string> libraries_of(const std::string& program) {
  std::set<std::string> libraries;
  std::istringstream lines(run_successfully({.argv = {"readelf", "--dynamic", "--wide", program},
                                             .environment = {{"LC_ALL", "C"}}})
                               .out);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find('[');
    if (line.find("(NEEDED)") == std::string::npos || begin == std::string::npos) continue;
    libraries.insert(line.substr(begin + 1, line.find(']') - begin - 1));
  }
  return libraries;
}

TEST(Libraries, OfThePluginAreThoseOfGlibc) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer brings its own";
#endif
  using testing::AnyOf, testing::StartsWith;
  const std::set<std::string> libraries = libraries_of(PGREPL_CHECK_PROGRAM);
  EXPECT_THAT(libraries, testing::Contains(StartsWith("libc.so.")));
  EXPECT_THAT(libraries, testing::Each(AnyOf(StartsWith("libc.so."), StartsWith("libm.so."),
                                             StartsWith("ld-linux"))));
}

}  // namespace
}  // namespace pgrepl::test
