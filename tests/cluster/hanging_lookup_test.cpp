// SPDX-License-Identifier: Apache-2.0
// Host names whose lookup never comes back, beside names and addresses that are found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

std::string node(const std::string& name, const std::string& host, int port,
                 const std::filesystem::path& passfile) {
  return "[[cluster.node]]\nname = \"" + name + "\"\nconninfo = \"host=" + host +
         " port=" + std::to_string(port) + " user=" + kMonitorRole +
         " dbname=postgres passfile=" + passfile.string() + "\"\n";
}

/// Twenty nodes whose names hang, one whose name is found, and a pair of which one node's hangs.
class World {
 public:
  double polls(const std::string& node) const {
    return exporter.metrics().value("pgrepl_polls_total", {{"node", node}}).value_or(0);
  }

  PostgresPair pair;
  TempDirectory directory;
  ExporterProcess exporter{{.config = config(),
                            .environment = {{"LD_PRELOAD", PGREPL_HANGING_LOOKUP},
                                            {"ASAN_OPTIONS", "verify_asan_link_order=0"}}}};

 private:
  /// The names that hang are asked for first, so that nobody is before them.
  std::string config() {
    const auto passfile = write_passfile(directory.path());
    const int port = pair.primary().port();
    std::string text =
        "[exporter]\npoll_interval = \"1s\"\npoll_timeout = \"800ms\"\nstore_path = \"" +
        (directory.path() / "store.sqlite").string() + "\"\n[[cluster]]\nname = \"gone\"\n";
    for (int i = 0; i < 20; ++i) {
      const std::string name = "g" + std::to_string(i);
      text += node(name, name + ".hangs.example", port, passfile);
    }
    return text + "[[cluster]]\nname = \"named\"\n" + node("n1", "localhost", port, passfile) +
           "[[cluster]]\nname = \"wallix\"\n" + node(kPrimaryName, "127.0.0.1", port, passfile) +
           node(kStandbyName, "a2.hangs.example", pair.standby().port(), passfile) +
           "host = { source = \"node_exporter\", url = \"http://a2.hangs.example:9100/metrics\", "
           "data_path = \"/data\" }\n";
  }
};

class HangingLookup : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { world_.reset(); }

  void SetUp() override {
    ASSERT_TRUE(becomes("pgrepl_node_up", kPrimary, 1));
    ASSERT_TRUE(becomes("pgrepl_node_up", {{"node", "n1"}}, 1));
  }

  static ::testing::AssertionResult becomes(const std::string& metric, const Labels& labels,
                                            double expected) {
    const auto holds = [&] { return exporter().metrics().value(metric, labels) == expected; };
    if (wait_until(holds, seconds(30))) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << metric << " did not become " << expected;
  }
  static ExporterProcess& exporter() { return world_->exporter; }

  static inline std::unique_ptr<World> world_;
};

TEST_F(HangingLookup, IsAFailureOfItsNodeAlone) {
  EXPECT_TRUE(becomes("pgrepl_node_failure", with(kStandby, "reason", "dns"), 1));
  EXPECT_TRUE(becomes("pgrepl_filesystem_readable", with(kStandby, "directory", "data"), 0));
  const MetricsPage page = exporter().metrics();
  for (const Series& one : page.series("pgrepl_node_up", {{"cluster", "gone"}}))
    EXPECT_EQ(page.value("pgrepl_node_failure", with(one.labels, "reason", "dns")), 1);
  const ProgramResult check = exporter().check({"node_up", "-n", kStandbyName});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_THAT(check.out, testing::HasSubstr("name lookup: no answer within 800 ms"));
}

TEST_F(HangingLookup, DoesNotSlowThePollsOfOthers) {
  const double of_primary = world_->polls(kPrimaryName), of_named = world_->polls("n1");
  const auto begin = Clock::now();
  const auto are_polled = [&] {
    return world_->polls(kPrimaryName) >= of_primary + 4 && world_->polls("n1") >= of_named + 4;
  };
  EXPECT_TRUE(wait_until(are_polled, seconds(30)));
  EXPECT_LT(Clock::now() - begin, seconds(7));  // one a second
}

}  // namespace
}  // namespace pgrepl::test
