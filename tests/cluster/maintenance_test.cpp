// SPDX-License-Identifier: Apache-2.0
// Maintenance that is announced by command while the exporter watches a real pair.
#include <gmock/gmock.h>

#include "tests/cluster/watch.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class AnnouncedMaintenance : public testing::Test {
 protected:
  void command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {exporter_program(), "maintenance", "--config.file",
                                         watch_.exporter().config_file(), "--cluster", "wallix"});
    run_successfully({.argv = arguments});
  }
  /// Waits until check_pgrepl exits so; what it says.
  std::string health_becomes(int exit_code) {
    ProgramResult result;
    EXPECT_TRUE(wait_until(
        [&] {
          result = watch_.exporter().check({"health"});
          return result.exit_code == exit_code;
        },
        std::chrono::seconds(60)))
        << result.out << watch_.exporter().log();
    return result.out;
  }

  PostgresPair pair_;
  Watch watch_{pair_};
};

TEST_F(AnnouncedMaintenance, SilencesWhatItMayAndNothingElseUntilItIsEnded) {
  ASSERT_TRUE(watch_.all_green());
  command({"--for", "2h", "--reason", "<new> kernel"});
  EXPECT_TRUE(watch_.becomes("pgrepl_maintenance", {}, 1));
  EXPECT_TRUE(watch_.exceeds("pgrepl_maintenance_end_timestamp_seconds", {}, 1e9));
  EXPECT_THAT(watch_.exporter().get("/").body, HasSubstr("&lt;new&gt; kernel"));

  pair_.standby().stop();
  ASSERT_TRUE(watch_.status_becomes("node_up", kStandby, 2)) << "the state is no lie";
  EXPECT_THAT(health_becomes(0), AllOf(StartsWith("PGREPL OK - maintenance until "),
                                       HasSubstr("would be CRITICAL: wallix-a2 does not answer")));

  watch_.exporter().restart();
  EXPECT_TRUE(watch_.status_becomes("node_up", kStandby, 2));
  EXPECT_THAT(health_becomes(0), HasSubstr("would be CRITICAL: wallix-a2 does not answer"));

  command({"--end"});
  EXPECT_TRUE(watch_.becomes("pgrepl_maintenance_end_timestamp_seconds", {}, std::nullopt));
  EXPECT_THAT(health_becomes(2), HasSubstr("wallix-a2 does not answer"));
  EXPECT_TRUE(watch_.becomes("pgrepl_events_total", {{"kind", "maintenance_ended"}}, 1));
  EXPECT_EQ(watch_.value("pgrepl_events_total", {{"kind", "maintenance_began"}}), 1);
}

TEST_F(AnnouncedMaintenance, DoesNotSilenceASplitBrain) {
  ASSERT_TRUE(watch_.all_green());
  command({"--for", "1h"});
  ASSERT_TRUE(watch_.becomes("pgrepl_maintenance", {}, 1));
  pair_.promote_standby();
  EXPECT_THAT(health_becomes(2), HasSubstr("are both primary"));
}

}  // namespace
}  // namespace pgrepl::test
