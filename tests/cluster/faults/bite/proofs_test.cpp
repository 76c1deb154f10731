// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/bite/unit_proof.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include "tests/support/checkout.h"

// No row of the catalogue goes without a proof.
namespace pgrepl::test {
namespace {

std::string text_of(std::string_view file) {
  std::ifstream stream(checkout() / "tests" / file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool holds_test(const std::string& text, const Proof& proof) {
  const std::regex test("TEST(_F|_P)?\\(" + std::string(proof.suite) + ",\\s*" +
                        std::string(proof.test) + "\\)");
  return std::regex_search(text, test);
}

TEST(EveryJudgingRow, HasAScenarioOrAProofElsewhere) {
  for (const JudgingRow& row : judging_rows()) {
    EXPECT_TRUE(row.scenario != nullptr || proof_elsewhere(row.id) != nullptr)
        << row.id
        << ": no scenario demands it, and bite/proofs.cpp does not say what else proves it";
  }
}

TEST(EveryProofElsewhere, IsATestThatIsThereOfARowThatNeedsOne) {
  const std::vector<JudgingRow> rows = judging_rows();
  for (const Proof& proof : proofs_elsewhere()) {
    EXPECT_TRUE(holds_test(text_of(proof.file), proof)) << proof.suite << "." << proof.test;
    const auto needs = [&](const JudgingRow& row) {
      return row.id == proof.row && row.scenario == nullptr;
    };
    EXPECT_TRUE(std::ranges::any_of(rows, needs)) << proof.row << ": gone, or has a scenario";
  }
}

TEST(EveryUnitTestThatProvesARow, FailsWithoutIt) {
  for (const Proof& proof : proofs_elsewhere()) {
    if (!is_unit_test(proof)) continue;
    const UnitProof tried = try_out(proof);
    EXPECT_TRUE(tried.passes_with) << proof.suite << "." << proof.test;
    EXPECT_TRUE(tried.fails_without) << proof.row << ": " << proof.suite << "." << proof.test;
  }
}

}  // namespace
}  // namespace pgrepl::test
