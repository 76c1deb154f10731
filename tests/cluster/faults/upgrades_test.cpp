// SPDX-License-Identifier: Apache-2.0
// The scenarios that need servers of several major versions.
#include <gtest/gtest.h>

#include "tests/cluster/faults/play.h"
#include "tests/cluster/faults/table.h"

namespace pgrepl::test {
namespace {

class Upgrade : public ::testing::TestWithParam<std::size_t> {
 protected:
  static void TearDownTestSuite() {
    if (outcomes.size() == upgrade_faults().size()) keep_result("upgrades.md", table_of(outcomes));
  }
  static std::vector<Outcome> outcomes;
};
std::vector<Outcome> Upgrade::outcomes;

const std::vector<Scenario>& all() {
  static const std::vector<Scenario> kAll = upgrade_faults();
  return kAll;
}

TEST_P(Upgrade, IsSeenAndNothingElse) {
  outcomes.push_back(play({.scenario = &all().at(GetParam())}));
  for (const std::string& complaint : outcomes.back().complaints) ADD_FAILURE() << complaint;
}

INSTANTIATE_TEST_SUITE_P(Pair, Upgrade, ::testing::Range(std::size_t{0}, all().size()),
                         [](const auto& fault) { return all().at(fault.param).name; });

}  // namespace
}  // namespace pgrepl::test
