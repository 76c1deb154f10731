// SPDX-License-Identifier: Apache-2.0
// An exporter that does not end as it should fails the test that started it, whatever else that
// test asserts.  Its one node is a port on which nothing listens.
#include "tests/support/exporter_process.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/ports.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

std::unique_ptr<ExporterProcess> an_exporter() {
  const ExporterStart start{.config =
                                "[[cluster]]\nname = \"x\"\n[[cluster.node]]\nname = \"x\"\n"
                                "conninfo = \"host=127.0.0.1 port=" +
                                std::to_string(free_port()) + " user=x\"\n"};
  return std::make_unique<ExporterProcess>(start);
}

TEST(ExporterProcess, ThatEndsWellIsNoFault) {
  auto exporter = an_exporter();
  exporter->restart();
  EXPECT_TRUE(exporter->is_running());
}

TEST(ExporterProcess, ThatAbortsFailsTheTestWithItsLog) {
  auto exporter = an_exporter();
  kill(exporter->pid(), SIGABRT);
  ASSERT_TRUE(wait_until([&] { return !exporter->is_running(); }, std::chrono::seconds(20)));
  EXPECT_NONFATAL_FAILURE(exporter.reset(), "ended by itself with code 134; the end of its log:");
}

TEST(ExporterProcess, ThatIsKilledFailsTheTest) {
  auto exporter = an_exporter();
  kill(exporter->pid(), SIGKILL);
  EXPECT_NONFATAL_FAILURE(exporter.reset(), "with code 137");
}

TEST(ExporterProcess, ThatHasDiedIsNotStartedAgain) {
  auto exporter = an_exporter();
  kill(exporter->pid(), SIGKILL);
  EXPECT_THROW(exporter->restart(), std::runtime_error);
}

}  // namespace
}  // namespace pgrepl::test
