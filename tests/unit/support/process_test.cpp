// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <stdexcept>

#include "tests/support/temp_directory.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ProgramFiles files_in(const TempDirectory& directory) {
  return {directory.path() / "out", directory.path() / "err"};
}

TEST(Process, ResultHoldsExitCodeAndBothOutputs) {
  const ProgramResult result =
      run_program({.argv = {"sh", "-c", "echo $WORD; echo fault >&2; exit 3"},
                   .environment = {{"WORD", "said"}}});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "said\n");
  EXPECT_EQ(result.err, "fault\n");
}

TEST(Process, MissingProgramIsAFailure) {
  EXPECT_THROW(run_successfully({.argv = {"/no/such/program"}}), std::runtime_error);
}

TEST(Process, ProgramThatTakesTooLongIsAFailure) {
  EXPECT_THROW(run_program({.argv = {"sleep", "600"}}, milliseconds(50)), std::runtime_error);
}

TEST(Process, EndsWithItsObjectEvenWhenItIsStoppedOrDeaf) {
  const TempDirectory directory;
  pid_t stopped = 0, deaf = 0;
  {
    Process sleeper({.argv = {"sleep", "600"}}, files_in(directory));
    stopped = sleeper.pid();
    sleeper.signal(SIGSTOP);
    Process shell({.argv = {"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"}},
                  files_in(directory));
    deaf = shell.pid();
    const auto ready = [&] { return read_file(directory.path() / "out") == "ready\n"; };
    ASSERT_TRUE(wait_until(ready, seconds(10)));
    EXPECT_EQ(shell.stop(milliseconds(100)), 128 + SIGKILL);
  }
  EXPECT_FALSE(is_alive(stopped));
  EXPECT_FALSE(is_alive(deaf));
}

TEST(Process, FamilyHoldsGrandchildren) {
  const TempDirectory directory;
  Process shell({.argv = {"sh", "-c", "sh -c 'sleep 600; :'; :"}}, files_in(directory));
  EXPECT_TRUE(wait_until([&] { return process_family(shell.pid()).size() == 3; }, seconds(10)));
  // stop() ends the program alone: its family is this test's to end
  for (const pid_t member : process_family(shell.pid())) kill(member, SIGKILL);
}

}  // namespace
}  // namespace pgrepl::test
