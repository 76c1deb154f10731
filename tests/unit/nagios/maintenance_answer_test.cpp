// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/nagios/answer_from.h"
#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

using testing::HasSubstr;

constexpr WallTime kUntil{std::chrono::seconds{1700000600}};  // 2023-11-14 22:23:20

/// A report of ten minutes before that end.
ClusterReport maintained(const std::string& cluster, std::vector<CheckResult> results) {
  ClusterReport report = a_report(cluster, std::move(results));
  report.policy.maintenance = {.until = kUntil, .reason = "kernel update"};
  return report;
}

/// A text without any of these ends of lines.
std::string without(std::string text, const std::string& end) {
  for (std::size_t at = 0; (at = text.find(end)) != std::string::npos;)
    text.replace(at, end.size(), "\n");
  return text;
}

TEST(MaintenanceAnswer, IsFineAndSaysWhatItWouldBe) {
  const AskedWorld world{{maintained("w", {lag_result("w-a2", 30)})}};
  const PluginOutput output = world.ask({.check = "lag"});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_EQ(sentence_of(output),
            "PGREPL OK - maintenance until 2023-11-14 22:23:20 UTC: would be CRITICAL: w-a2 is "
            "30 s behind");
}

TEST(MaintenanceAnswer, KeepsPerfdataAndWhatIsToldBelow) {
  const std::vector<CheckResult> bad{lag_result("w-a2", 30), archive_result(State::warning, 100)};
  const AskedWorld usual{{a_report("w", bad)}}, world{{maintained("w", bad)}};
  for (const int verbosity : {0, 1, 2}) {
    const std::string loud = usual.ask({.verbosity = verbosity}).text;
    const std::string muted = without(world.ask({.verbosity = verbosity}).text, ", muted\n");
    EXPECT_EQ(muted.substr(muted.find(" | ")), loud.substr(loud.find(" | ")));
  }
  EXPECT_THAT(sentence_of(world.ask({})), HasSubstr("would be CRITICAL"));
  EXPECT_THAT(sentence_of(world.ask({})), HasSubstr("30 s behind (and 1 more)"));
}

TEST(MaintenanceAnswer, MentionsTheMaintenanceOfWhatIsFine) {
  const AskedWorld world{{maintained("w", {lag_result("w-a2", 1)})}};
  EXPECT_EQ(sentence_of(world.ask({.check = "lag"})),
            "PGREPL OK - w-a2 is 1 s behind (maintenance of w until 2023-11-14 22:23:20 UTC)");
}

TEST(MaintenanceAnswer, EndsByTheReadersClockToo) {
  ClusterReport report = maintained("w", {lag_result("w-a2", 30)});
  report.policy.maintenance->until = report.snapshot.taken.wall + std::chrono::seconds{5};
  AskedWorld world{{report}};
  EXPECT_EQ(world.at_age(4).ask({}).state, State::ok);
  const PluginOutput after_the_end = world.at_age(6).ask({});
  EXPECT_EQ(after_the_end.state, State::critical);
  EXPECT_EQ(sentence_of(after_the_end), "PGREPL CRITICAL - w-a2 is 30 s behind");
}

TEST(MaintenanceAnswer, DoesNotMuteWhatDestroysData) {
  CheckResult destroyed = role_result(State::critical, "two primaries");
  destroyed.cause = "split";
  const AskedWorld world{{maintained("w", {lag_result("w-a2", 30), destroyed})}};
  const PluginOutput output = world.ask({});
  EXPECT_EQ(output.state, State::critical);
  EXPECT_EQ(sentence_of(output),
            "PGREPL CRITICAL - two primaries (and 1 muted) (maintenance of w until 2023-11-14 "
            "22:23:20 UTC)");
}

TEST(MaintenanceAnswer, CountsMutedFindingsApartAndMarksThemBelow) {
  const AskedWorld world{
      {maintained("w", {lag_result("w-a2", 30), archive_result(State::warning, 100)}),
       a_report("x", {lag_result("x-a2", 30), archive_result(State::warning, 100)})}};
  const PluginOutput output = world.ask({.verbosity = 1});
  EXPECT_THAT(sentence_of(output), HasSubstr("x: x-a2 is 30 s behind (and 1 more, 2 muted)"));
  EXPECT_THAT(output.text, HasSubstr("CRITICAL w: lag w-a2: w-a2 is 30 s behind, muted\n"));
  EXPECT_THAT(output.text, HasSubstr("CRITICAL x: lag x-a2: x-a2 is 30 s behind\n"));
}

TEST(MaintenanceAnswer, DoesNotMuteABlindExporter) {
  AskedWorld world{{maintained("w", {lag_result("w-a2", 30)})}};
  world.configured_too("new");
  EXPECT_EQ(world.ask({.cluster = "new"}).state, State::unknown) << "no poll yet";
  world.at_age(60);
  EXPECT_EQ(world.ask({.cluster = "w"}).state, State::critical);
  EXPECT_EQ(world.ask({.check = "lag", .cluster = "w"}).state, State::unknown);
  EXPECT_EQ(world.ask({.check = "data_freshness", .cluster = "w"}).state, State::critical);
}

TEST(MaintenanceAnswer, DoesNotMuteTheAgeThatTheQuerysOwnThresholdsFind) {
  AskedWorld world{{maintained("w", {lag_result("w-a2", 30)})}};
  const PluginOutput output = world.at_age(8).ask({.check = "data_freshness", .critical = {"5"}});
  EXPECT_EQ(output.state, State::critical) << output.text;
}

TEST(MaintenanceAnswer, OfOneClusterDoesNotHideTheOthers) {
  const AskedWorld world{
      {maintained("w", {lag_result("w-a2", 30)}), a_report("x", {lag_result("x-a2", 12)})}};
  const PluginOutput output = world.ask({});
  EXPECT_EQ(output.state, State::warning);
  EXPECT_EQ(sentence_of(output),
            "PGREPL WARNING - x: x-a2 is 12 s behind (and 1 muted) (maintenance of w until "
            "2023-11-14 22:23:20 UTC)");
}

TEST(MaintenanceAnswer, OfOneClusterNamesItBesideOthersThatAreFine) {
  const AskedWorld world{
      {a_report("x", {lag_result("x-a2", 1)}), maintained("w", {lag_result("w-a2", 30)})}};
  const PluginOutput output = world.ask({});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_THAT(sentence_of(output), HasSubstr("would be CRITICAL: w: w-a2 is 30 s behind"));
}

TEST(MaintenanceAnswer, MutesWhatTheQuerysOwnThresholdsFind) {
  const AskedWorld world{{maintained("w", {lag_result("w-a2", 3)})}};
  const PluginOutput output = world.ask({.check = "lag", .critical = {"2"}});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_THAT(sentence_of(output), HasSubstr("would be CRITICAL: w-a2 is 3 s behind"));
}

}  // namespace
}  // namespace pgrepl
