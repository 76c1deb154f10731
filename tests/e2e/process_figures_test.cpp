// SPDX-License-Identifier: Apache-2.0
// What the exporter publishes of itself, against what the kernel tells of its process.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <sstream>

#include "tests/support/exporter_process.h"
#include "tests/support/ports.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{30};
/// Long enough for two to tell the same, and too short for a wrong number to be right by chance.
constexpr std::chrono::seconds kMoment{5};

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class ProcessFigures : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    before_start_ = now();
    exporter_ = std::make_unique<ExporterProcess>(ExporterStart{
        .config = "[exporter]\npoll_interval = \"1s\"\npoll_timeout = \"1s\"\n[[cluster]]\n"
                  "name = \"x\"\n[[cluster.node]]\nname = \"a1\"\n"
                  "conninfo = \"host=127.0.0.1 port=" +
                  std::to_string(free_port()) + " user=x dbname=postgres\"\n"});
    after_start_ = now();
  }
  static void TearDownTestSuite() { exporter_.reset(); }

  static double published(const char* figure) {
    return exporter_->metrics().value(std::string("process_") + figure).value_or(-1);
  }

  static fs::path proc(const char* file) {
    return fs::path("/proc") / std::to_string(exporter_->pid()) / file;
  }

  /// The number behind `name` in a file of lines such as "VmSize:   12345 kB".
  static double kernel_says(const char* file, const std::string& name) {
    const std::string text = read_file(proc(file));
    double number = -1;
    std::istringstream{text.substr(text.find(name) + name.size())} >> number;
    return number;
  }

  /// User and system time.
  static double kernel_says_cpu() {
    const std::string stat = read_file(proc("stat"));
    std::istringstream rest{stat.substr(stat.rfind(')') + 1)};
    std::string skipped;
    for (int field = 3; field < 14; ++field) rest >> skipped;
    double user = 0, system = 0;
    rest >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  static double kernel_says_open_files() {
    return static_cast<double>(
        std::distance(fs::directory_iterator(proc("fd")), fs::directory_iterator{}));
  }

  static inline double before_start_ = 0, after_start_ = 0;
  static inline std::unique_ptr<ExporterProcess> exporter_;
};

TEST_F(ProcessFigures, ShowTheProcessorTimeThatTheKernelCounts) {
  const double first = kernel_says_cpu();
  while (kernel_says_cpu() < first + 0.1) (void)exporter_->get("/");
  const double at_least = kernel_says_cpu();
  const auto polls = [] { return exporter_->metrics().value("pgrepl_polls_total").value_or(0); };
  const auto is_read_again = [&, first_polls = polls()] { return polls() >= first_polls + 2; };
  ASSERT_TRUE(wait_until(is_read_again, kPatience));
  EXPECT_GE(published("cpu_seconds_total"), at_least);
  EXPECT_LE(published("cpu_seconds_total"), kernel_says_cpu());
}

TEST_F(ProcessFigures, ShowTheMemoryThatTheKernelCounts) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr double kTolerance = 0.01;  // the sanitizer takes and gives some all the time
#else
  constexpr double kTolerance = 0;
#endif
  const auto agrees = [&] {
    const double size = 1024 * kernel_says("status", "VmSize:");
    return std::abs(published("virtual_memory_bytes") - size) <= kTolerance * size;
  };
  EXPECT_TRUE(wait_until(agrees, kMoment)) << published("virtual_memory_bytes");
  // The kernel adds this one up from what each thread last told.
  const double resident = 1024 * kernel_says("status", "VmRSS:");
  EXPECT_NEAR(published("resident_memory_bytes"), resident, resident / 4);
}

TEST_F(ProcessFigures, ShowTheOpenFilesAndTheirLimit) {
  const auto agrees = [&] {
    const double open = kernel_says_open_files();  // before our connection for the page adds one
    return published("open_fds") == open;
  };
  EXPECT_TRUE(wait_until(agrees, kMoment)) << published("open_fds");
  EXPECT_EQ(published("max_fds"), kernel_says("limits", "Max open files"));
}

TEST_F(ProcessFigures, ShowWhenTheProcessWasStarted) {
  constexpr double kSlack = 2;  // the kernel tells when it was booted in whole seconds
  EXPECT_GE(published("start_time_seconds"), before_start_ - kSlack);
  EXPECT_LE(published("start_time_seconds"), after_start_ + kSlack);
}

}  // namespace
}  // namespace pgrepl::test
