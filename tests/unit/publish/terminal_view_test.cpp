// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"
#include "tests/support/situations.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string view_of(const ClusterReport& report, const TerminalStyle& style = {}) {
  return terminal_view({&report, 1}, {}, style);
}

TEST(TerminalView, HasNoColourUnlessAskedFor) {
  ClusterBuilder pair;
  const ClusterReport report = pair.poll();
  EXPECT_THAT(view_of(report), Not(HasSubstr("\x1b")));
  EXPECT_THAT(view_of(report, {.colour = true}), HasSubstr("\x1b[32mOK\x1b[0m"));
}

TEST(TerminalView, ShowsNoNumberOfWhatIsNotKnown) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(0, FailureClass::timeout).silence(1, FailureClass::timeout);
  const std::string view = view_of(pair.poll());
  EXPECT_THAT(view, AllOf(HasSubstr("was primary"), HasSubstr("was standby")));
  EXPECT_THAT(view, Not(HasSubstr(" 0 ")));
}

TEST(TerminalView, TellsWhatCouldNotBeLookedAtForOneReasonOnce) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::timeout);
  pair.poll();
  const std::string view = view_of(pair.poll());
  const std::string reason = "because node a2 is unreachable";
  const auto first = view.find(reason);
  ASSERT_NE(first, std::string::npos) << view;
  EXPECT_EQ(view.find("UNKNOWN  because"), std::string::npos);
  EXPECT_EQ(view.find(reason, first + 1), std::string::npos) << view;
}

TEST(TerminalView, TellsOfAPromiseThatAFailoverWouldBreak) {
  constexpr const char* kBroken = "its own synchronous_standby_names is empty";
  ClusterBuilder pair;
  pair.standby().synchronous_standby_names = "a1";
  EXPECT_THAT(view_of(pair.poll()), Not(HasSubstr(kBroken)));
  pair.standby().synchronous_standby_names = "";
  const ClusterReport report = pair.poll();
  EXPECT_THAT(view_of(report, {.width = 200}), HasSubstr(kBroken));
  EXPECT_EQ(worst_state({&report, 1}), State::ok);
}

TEST(TerminalView, EndsWithTheLastEventsTheNewestFirst) {
  ClusterBuilder pair;
  ClusterReport report = pair.poll();
  EXPECT_THAT(view_of(report), Not(HasSubstr("last events")));
  const WallTime at = report.snapshot.taken.wall;
  report.analysis.journal = {
      {.at = at, .kind = "node_lost", .node = "a1", .evidence = "timeout: no \x1b[2Janswer"},
      {.at = at + std::chrono::seconds(12),
       .kind = "failover",
       .node = "a2",
       .evidence = "a1 -> a2",
       .object = "crash",
       .duration = Seconds{12}}};
  const std::string view = view_of(report);
  const std::string newest = " UTC failover (crash) of a2, 12 s: a1 -> a2\n";
  ASSERT_THAT(view, HasSubstr(newest));
  EXPECT_THAT(view.substr(view.find(newest)), HasSubstr(" UTC node_lost of a1: timeout: no "));
  EXPECT_THAT(view, Not(HasSubstr("\x1b")));
}

TEST(TerminalView, LetsNoServerMoveTheCursor) {
  ClusterBuilder pair;
  pair.slot().slot_name = "\x1b[2Jgone";
  pair.standby().wal_receiver->sender_host =
      "\x9b"
      "2J";
  EXPECT_THAT(view_of(pair.poll()), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\x9b"))));
}

TEST(TerminalView, TellsForHowLongTheRoomOnADiskLasts) {
  ClusterBuilder pair;
  pair.policy.nodes[0].host_configured = true;
  constexpr double kGigabyte = 1 << 30;
  Filesystem disk{.size = 100 * kGigabyte, .free = 50 * kGigabyte, .available = 50 * kGigabyte};
  for (int minute = 0; minute < 60; ++minute) {
    disk.free = disk.available -= kGigabyte / 2;
    pair.snapshot.nodes[0].host = HostSnapshot{
        .directories = {{.purpose = DirectoryPurpose::wal, .path = "/pg_wal", .filesystem = disk}}};
    pair.poll(60);
  }
  EXPECT_THAT(view_of(pair.poll(1)), HasSubstr("20 GB, for 40 min"));
}

TEST(TerminalView, TellsOfMaintenanceWhileItLasts) {
  ClusterBuilder pair;
  pair.policy.maintenance = {.until = pair.snapshot.taken.wall + std::chrono::hours{1},
                             .reason = "new \x1b kernel"};
  EXPECT_THAT(view_of(pair.poll()), AllOf(HasSubstr("Under announced maintenance until"),
                                          HasSubstr(" UTC: new kernel.")));
  EXPECT_THAT(view_of(pair.poll(3601)), Not(HasSubstr("Under announced maintenance")));
}

TEST(TerminalView, TellsWhetherThePrimaryCouldComeBackAfterAFailover) {
  ClusterBuilder pair;
  EXPECT_THAT(view_of(pair.poll()),
              HasSubstr("advice    a2 has no slot that a1 could use after a failover"));
  pair.standby().slots = {pair.slot()};
  pair.standby().slots.front().active = false;
  pair.primary().settings.value->wal_log_hints = pair.primary().settings.value->data_checksums =
      true;
  EXPECT_THAT(view_of(pair.poll()),
              HasSubstr("After a failover a1 could come back, by pg_rewind if"));
}

TEST(TerminalView, MarksAFindingThatMaintenanceMutes) {
  ClusterBuilder pair;
  pair.policy.maintenance = {.until = pair.snapshot.taken.wall + std::chrono::hours{1}};
  pair.poll();
  pair.silence(1, FailureClass::refused);
  pair.poll();
  EXPECT_THAT(view_of(pair.poll(1)), HasSubstr("CRITICAL  node_up on a2, muted\n"));
}

TEST(TerminalView, TakesAStandbysWalsenderFromTheNodeThatSendsToIt) {
  test::Situation cascade{"Pcs"};  // a2 streams from a3, which streams from a1
  cascade.state(2).wal_senders.front().sync_state = "async";
  const Thresholds thresholds;
  const ClusterReport report =
      report_on(cascade.snapshot, cascade.policy, thresholds, cascade.memory);
  EXPECT_THAT(view_of(report), HasSubstr("streaming  async  a3"));
}

TEST(TerminalView, EndsWithTheNotes) {
  ClusterBuilder pair;
  const ClusterReport report = pair.poll();
  const std::string notes[] = {"the store is locked"};
  EXPECT_THAT(terminal_view({&report, 1}, notes, {}),
              testing::EndsWith("\nNote: the store is locked\n"));
}

TEST(WorstState, IsThatOfAllClusters) {
  ClusterBuilder healthy, broken;
  broken.poll();
  broken.cut_standby();
  broken.poll();
  const ClusterReport reports[] = {healthy.poll(), broken.poll(60)};
  EXPECT_EQ(worst_state(reports), State::critical);
  EXPECT_EQ(worst_state({reports, 1}), State::ok);
  EXPECT_EQ(worst_state({}), State::unknown);
}

}  // namespace
}  // namespace pgrepl
