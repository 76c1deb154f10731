// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/plugin/plugin_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "checks/base/state.h"
#include "tests/support/perfdata_judge.h"
#include "tests/support/process.h"

namespace pgrepl::test {

PluginRun run_plugin_for_text(const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment) {
  Program program{.argv = {PGREPL_CHECK_PROGRAM}, .environment = environment};
  program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
  const auto began = std::chrono::steady_clock::now();
  const ProgramResult result = run_program(program);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.exit_code, testing::AllOf(testing::Ge(0), testing::Le(3)));
  return {result.exit_code, result.out, std::chrono::steady_clock::now() - began};
}

PluginRun run_plugin(const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& environment) {
  PluginRun run = run_plugin_for_text(arguments, environment);
  EXPECT_EQ(plugin_output_faults(run.out), std::vector<std::string>{}) << run.out;
  const auto state = static_cast<State>(run.exit_code);
  EXPECT_THAT(run.out, testing::StartsWith("PGREPL " + std::string(to_string(state)) + " - "));
  return run;
}

}  // namespace pgrepl::test
