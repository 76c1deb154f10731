// SPDX-License-Identifier: Apache-2.0
// What becomes of a maintenance that is announced while polls go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "exporter/app/poll_desk.h"
#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using std::chrono::minutes;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

void ignore(std::string_view /*said*/) {}

/// The lines of a log that speak of maintenance.
std::vector<std::string> lines(const std::string& log) {
  std::vector<std::string> lines;
  std::istringstream text{log};
  for (std::string line; std::getline(text, line);) {
    if (line.find(": maintenance ") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

/// A pair whose standby is gone, without a store.
class AnnouncedDesk : public testing::Test {
 protected:
  AnnouncedDesk() {
    configure();
    poll(5);
    world_.silence(1, FailureClass::refused);
    poll(5);
    poll(5);
  }
  void configure() {
    Config config;
    config.clusters = {{.name = name_, .policy = world_.policy}};
    desk_.configure(config, now());
  }
  Instant now() const { return world_.snapshot.taken; }
  void poll(double seconds_later) {
    world_.poll(seconds_later);
    desk_.take({.snapshot = world_.snapshot});
  }
  void announce(WallTime until) { desk_.take({{name_, {.until = until}}}, now()); }
  ClusterReport report() const { return *board_.read()->clusters.front()->report; }
  CheckResult finding() const { return test::result_of(report(), "node_up", "a2"); }

  test::ClusterBuilder world_;
  const std::string name_ = world_.snapshot.cluster;
  ReportBoard board_;
  MemoryKeeper keeper_{"", ignore};
  MemoryWriter writer_{[](const std::string&, const std::string&) {}};
  PollDesk desk_{board_, keeper_, writer_};
};

TEST_F(AnnouncedDesk, MutesAtOnceAndNotWithTheNextPoll) {
  EXPECT_EQ(finding().state, State::critical);
  EXPECT_FALSE(finding().muted);
  announce(now().wall + minutes(10));
  EXPECT_TRUE(finding().muted);
  EXPECT_EQ(finding().state, State::critical);
  poll(5);
  EXPECT_TRUE(finding().muted);
}

TEST_F(AnnouncedDesk, CountsAtOnceWhatLastsAtTheEnd) {
  announce(now().wall + minutes(10));
  announce(now().wall);
  EXPECT_FALSE(finding().muted);
  EXPECT_EQ(report().policy.maintenance, std::nullopt);
}

TEST_F(AnnouncedDesk, KeepsWhatItKnowsOfAClusterThatIsLeftOut) {
  announce(now().wall + minutes(10));
  desk_.take({}, now());  // as when an empty store takes the place of a damaged one
  poll(5);
  EXPECT_TRUE(finding().muted);
}

TEST_F(AnnouncedDesk, KeepsItOverAReload) {
  announce(now().wall + minutes(10));
  configure();
  poll(5);
  EXPECT_TRUE(finding().muted);
}

TEST_F(AnnouncedDesk, LogsItsBeginningItsChangeAndItsEndOnce) {
  const std::string cluster = "level=info msg=\"cluster " + name_ + ": maintenance ";
  testing::internal::CaptureStderr();
  const Announcements first{{name_, {.until = now().wall + minutes(5), .reason = "new\nkernel"}}};
  desk_.take(first, now());
  desk_.take(first, now());
  configure();
  poll(5);
  EXPECT_THAT(lines(testing::internal::GetCapturedStderr()),
              ElementsAre(AllOf(HasSubstr(cluster + "until "), HasSubstr(" UTC: new kernel\""))));
  testing::internal::CaptureStderr();
  announce(now().wall + minutes(10));
  EXPECT_THAT(lines(testing::internal::GetCapturedStderr()),
              ElementsAre(AllOf(HasSubstr(cluster + "until "), HasSubstr(" UTC\""))));
  testing::internal::CaptureStderr();
  announce(now().wall);
  poll(5);
  EXPECT_THAT(lines(testing::internal::GetCapturedStderr()),
              ElementsAre(HasSubstr(cluster + "is over")));
}

TEST_F(AnnouncedDesk, LogsThatItsTimeRanOut) {
  announce(now().wall + minutes(1));
  testing::internal::CaptureStderr();
  poll(70);
  EXPECT_THAT(lines(testing::internal::GetCapturedStderr()),
              Contains(HasSubstr(": maintenance is over")));
}

TEST_F(AnnouncedDesk, LetsAConfiguredMaintenanceLastAfterTheCommandsEnd) {
  world_.policy.maintenance = {.until = now().wall + minutes(10)};
  configure();
  poll(5);
  announce(now().wall);
  EXPECT_TRUE(finding().muted);
  EXPECT_EQ(report().policy.maintenance, world_.policy.maintenance);
}

}  // namespace
}  // namespace pgrepl
