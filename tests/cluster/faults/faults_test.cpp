// SPDX-License-Identifier: Apache-2.0
// The proof of the judgement: each fault on real servers, and all that may be said of it.
#include <gtest/gtest.h>

#include <cstdlib>

#include "checks/catalogue/catalogue.h"
#include "tests/cluster/faults/play.h"
#include "tests/cluster/faults/table.h"

namespace pgrepl::test {
namespace {

bool asks_peers() { return std::getenv("PGREPL_FAULTS_PEERS") != nullptr; }

/// Those that this run is asked for (--gtest_filter).
std::vector<Staging> wanted() {
  const auto* suite = ::testing::UnitTest::GetInstance()->current_test_suite();
  std::vector<Staging> all;
  for (int i = 0; i < suite->total_test_count(); ++i) {
    if (!suite->GetTestInfo(i)->should_run()) continue;
    for (const Scenario& one : scenarios()) {
      if (std::string(suite->GetTestInfo(i)->name()) == "IsSeenAndNothingElse/" + one.name)
        all.push_back({.scenario = &one, .asks_peers = asks_peers()});
    }
  }
  return all;
}

class Fault : public ::testing::TestWithParam<const Scenario*> {
 protected:
  static void SetUpTestSuite() { outcomes = play_all(wanted()); }
  static void TearDownTestSuite() {
    if (outcomes.size() < scenarios().size()) return;  // only of a run of them all
    keep_result("faults.md", table_of(outcomes));
    if (asks_peers()) keep_result("peers.md", peers_table_of(outcomes));
  }
  static std::vector<Outcome> outcomes;
};
std::vector<Outcome> Fault::outcomes;

TEST_P(Fault, IsSeenAndNothingElse) {
  for (const Outcome& outcome : outcomes) {
    if (outcome.scenario != GetParam()) continue;
    for (const std::string& complaint : outcome.complaints) ADD_FAILURE() << complaint;
    return;
  }
  FAIL() << "not played";
}

void expect_sound(const Scenario& one) {
  EXPECT_EQ(one.must.empty(), one.quiet) << one.name << " demands neither verdict nor silence";
  EXPECT_TRUE(one.quiet || one.heal) << one.name << " leaves broken what it broke";
  for (const std::string& change : one.may) {
    EXPECT_NE(find_check(change.substr(0, change.find_first_of("@="))), nullptr) << change;
    const bool wakes = change.find("CRITICAL") != std::string::npos;
    EXPECT_FALSE(one.quiet && wakes) << one.name << " lets " << change;
  }
}

TEST(Scenario, DemandsAVerdictOrSilence) {
  for (const Scenario& one : scenarios()) expect_sound(one);
  for (const Scenario& one : upgrade_faults()) expect_sound(one);
}

std::vector<const Scenario*> all() {
  std::vector<const Scenario*> pointers;
  for (const Scenario& one : scenarios()) pointers.push_back(&one);
  return pointers;
}

INSTANTIATE_TEST_SUITE_P(Pair, Fault, ::testing::ValuesIn(all()),
                         [](const auto& fault) { return fault.param->name; });

}  // namespace
}  // namespace pgrepl::test
