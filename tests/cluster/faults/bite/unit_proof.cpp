// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/bite/unit_proof.h"

#include "tests/support/process.h"

namespace pgrepl::test {
namespace {

ProgramResult run_without(std::string_view row, const Proof& proof) {
  const std::string name = std::string(proof.suite) + "." + std::string(proof.test);
  return run_program({.argv = {PGREPL_CRIPPLED_TESTS, "--gtest_filter=" + name},
                      // its results are no results of the tests that are run
                      .environment = {{"PGREPL_WITHOUT", std::string(row)}, {"GTEST_OUTPUT", ""}}});
}

}  // namespace

bool is_unit_test(const Proof& proof) { return proof.file.starts_with("unit/"); }

/// A filter that fits nothing passes, too.
UnitProof try_out(const Proof& proof) {
  const ProgramResult with = run_without("", proof);
  const bool one_ran = with.out.find("[  PASSED  ] 1 test.") != std::string::npos;
  return {.passes_with = with.exit_code == 0 && one_ran,
          .fails_without = run_without(proof.row, proof).exit_code != 0};
}

}  // namespace pgrepl::test
