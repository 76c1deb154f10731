// SPDX-License-Identifier: Apache-2.0
// What every file of ours keeps to, whatever it holds.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/contract/source_tree.h"
#include "tests/support/checkout.h"

namespace pgrepl::test {
namespace {

/// Longer files, each with its reason.
const std::map<std::string, std::string>& exceptions() {
  static const std::map<std::string, std::string> kExceptions{};
  return kExceptions;
}

std::size_t limit_of(const SourceFile& file) {
  if (file.is_header()) return 200;
  return file.is_in("tests/") ? 400 : 300;
}

Faults size_faults(const std::vector<SourceFile>& files) {
  Faults faults;
  for (const SourceFile& file : files)
    if (file.lines.size() > limit_of(file) && !exceptions().contains(file.path))
      faults.push_back(fault(file, limit_of(file), "the file must end here or be split"));
  return faults;
}

Faults license_faults(const std::vector<SourceFile>& files) {
  Faults faults;
  for (const SourceFile& file : files)
    if (file.lines.empty() || file.lines[0] != "// SPDX-License-Identifier: Apache-2.0")
      faults.push_back(fault(file, 0, "the license line is missing"));
  return faults;
}

TEST(Sources, StayWithinTheirSize) {
  const Faults faults = size_faults(read_source_tree(checkout()));
  EXPECT_TRUE(faults.empty()) << listed(faults);
}

TEST(Sources, NameTheirLicense) {
  const Faults faults = license_faults(read_source_tree(checkout()));
  EXPECT_TRUE(faults.empty()) << listed(faults);
}

TEST(Sources, NeedNoExceptionThatNamesNoFile) {
  for (const auto& [path, reason] : exceptions()) {
    EXPECT_TRUE(std::filesystem::exists(checkout() / path)) << path;
    EXPECT_FALSE(reason.empty()) << path;
  }
}

/// As CONTRIBUTING.md says: users build `release`, and with compilers that we have not seen.
TEST(Presets, TakeWarningsForErrorsExceptWhereUsersBuild) {
  std::ifstream file(checkout() / "CMakePresets.json");
  const auto presets = nlohmann::json::parse(file);
  std::map<std::string, bool> strict;
  for (const auto& preset : presets.at("configurePresets"))
    if (!preset.value("hidden", false))
      strict[preset.at("name")] =
          preset.at("cacheVariables").value("PGREPL_WERROR", std::string("OFF")) == "ON";
  const std::map<std::string, bool> expected{
      {"asan", true}, {"dev", true}, {"release", false}, {"tsan", true}};
  EXPECT_EQ(strict, expected);
}

TEST(SourceRules, BiteOnALongFileAndOnOneWithoutLicense) {
  const SourceFile long_header{"checks/base/x.h", std::vector<std::string>(201)};
  const SourceFile source{"checks/base/x.cpp", std::vector<std::string>(201)};
  const SourceFile long_test{"tests/unit/x_test.cpp", std::vector<std::string>(401)};
  EXPECT_EQ(size_faults({long_header, source, long_test}).size(), 2U);
  EXPECT_EQ(license_faults({source}).size(), 1U);
}

}  // namespace
}  // namespace pgrepl::test
