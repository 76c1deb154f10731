// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_installation.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <optional>

namespace pgrepl::test {
namespace {

/// Leaves PGREPL_TEST_MAJOR as it was.
class TestedMajor : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* present = getenv(kVariable)) before_ = present;
  }
  void TearDown() override { set(before_); }

  static void set(const std::optional<std::string>& value) {
    if (value)
      setenv(kVariable, value->c_str(), 1);
    else
      unsetenv(kVariable);
  }

 private:
  static constexpr const char* kVariable = "PGREPL_TEST_MAJOR";
  std::optional<std::string> before_;
};

TEST_F(TestedMajor, IsFifteenUnlessTheEnvironmentNamesOne) {
  set(std::nullopt);
  EXPECT_EQ(tested_major(), 15);
  set("17");
  EXPECT_EQ(tested_major(), 17);
}

TEST_F(TestedMajor, IsNotGuessedFromANonsense) {
  for (const char* nonsense : {"", "17.2", " 17", "seventeen", "-17", "0", "99999999999"}) {
    set(nonsense);
    EXPECT_THROW(tested_major(), std::runtime_error) << nonsense;
  }
}

}  // namespace
}  // namespace pgrepl::test
