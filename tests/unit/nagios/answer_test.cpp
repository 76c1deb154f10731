// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/answer_from.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/perfdata_judge.h"
#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

AskedWorld healthy() {
  return AskedWorld{{a_report(
      "w", {role_result(State::ok), lag_result("w-a2", 0.5), archive_result(State::ok, 3)})}};
}

AskedWorld degraded() {
  return AskedWorld{
      {a_report("w", {role_result(State::ok), lag_result("w-a2", 12),
                      archive_result(State::critical, 300), slot_result("s1", State::critical)})}};
}

TEST(Health, NamesThePrimaryWhenAllIsFine) {
  const PluginOutput output = healthy().ask({});
  EXPECT_EQ(sentence_of(output), "PGREPL OK - w: primary w-a1, all 4 results are fine");
  EXPECT_EQ(long_output_of(output), "");
  EXPECT_TRUE(output.fresh);
}

TEST(Health, LeadsWithTheFirstOfTheHeaviest) {
  const PluginOutput output = degraded().ask({});
  EXPECT_EQ(output.state, State::critical);
  EXPECT_EQ(sentence_of(output), "PGREPL CRITICAL - backlog of 300 files (and 2 more)");
}

TEST(Health, ListsTheOtherBadResultsInTheirOrder) {
  EXPECT_EQ(long_output_of(degraded().ask({})),
            "WARNING lag w-a2: w-a2 is 12 s behind\n"
            "CRITICAL slot w-a1 s1: slot s1 has room\n");
}

TEST(Health, ShowsTheFirstMeasureOfEachResult) {
  EXPECT_THAT(perfdata_of(degraded().ask({}).text),
              ElementsAre(PerfdataItem{"data_freshness", "1s", "", "15", "0", ""},
                          PerfdataItem{"lag_w-a2", "12s", "10", "25", "0", ""},
                          PerfdataItem{"archive.failing_for_w-a1", "U", "300", "900", "", ""},
                          PerfdataItem{"slot_w-a1_s1", "4096B", "1024:", "", "", ""}));
}

TEST(Health, LeavesOutWhatIsNotApplicableOrNotConfigured) {
  ClusterReport report = a_report("w", {role_result(State::ok)});
  report.absent = {{"archive", "w-a2", Absence::Kind::not_applicable, "a standby"},
                   {"slot", "w-a2", Absence::Kind::not_configured, "no host source"}};
  const PluginOutput output = AskedWorld{{report}}.ask({});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_EQ(long_output_of(output), "");
}

TEST(Health, IsUnknownWhenSomethingCouldNotBeLookedAt) {
  const AskedWorld world{
      {a_report("w", {role_result(State::unknown, "unknown because w-a1 hides it")})}};
  EXPECT_EQ(sentence_of(world.ask({})), "PGREPL UNKNOWN - unknown because w-a1 hides it");
}

TEST(Health, TellsOfFindingsThatAreTooYoung) {
  CheckResult young = lag_result("w-a2", 12);
  young.state = State::ok;
  const AskedWorld world{{a_report("w", {young})}};
  EXPECT_THAT(sentence_of(world.ask({})),
              HasSubstr("all 2 results are fine, 1 too young to count"));
}

TEST(Health, OfANodeKeepsWhatConcernsTheWholeCluster) {
  const AskedWorld world{
      {a_report("w", {role_result(State::critical, "two primaries"), lag_result("w-a2", 30),
                      archive_result(State::critical, 300)})}};
  const PluginOutput output = world.ask({.node = "w-a2"});
  EXPECT_EQ(sentence_of(output), "PGREPL CRITICAL - two primaries (and 1 more)");
  EXPECT_THAT(long_output_of(output), Not(HasSubstr("archive")));
}

TEST(Health, OfSeveralClustersNamesTheOneAtFault) {
  const AskedWorld world{
      {a_report("w", {lag_result("w-a2", 1)}), a_report("x", {lag_result("x-a2", 30)})}};
  const PluginOutput output = world.ask({});
  EXPECT_EQ(sentence_of(output), "PGREPL CRITICAL - x: x-a2 is 30 s behind");
  EXPECT_THAT(perfdata_of(output.text),
              testing::Contains(Field(&PerfdataItem::label, "x.lag_x-a2")));
}

TEST(Health, OfSeveralClustersCanBeFine) {
  const AskedWorld world{
      {a_report("w", {lag_result("w-a2", 1)}), a_report("x", {lag_result("x-a2", 1)})}};
  EXPECT_EQ(sentence_of(world.ask({})), "PGREPL OK - 2 clusters, all 4 results are fine");
  EXPECT_EQ(sentence_of(world.ask({.cluster = "x"})),
            "PGREPL OK - x: primary x-a1, all 2 results are fine");
}

TEST(Health, KeepsTheFirstLineBelowWhatACoreTakes) {
  std::vector<CheckResult> results;
  for (int i = 0; i < 500; ++i)
    results.push_back(slot_result("slot_" + std::to_string(i), State::critical));
  const PluginOutput output = AskedWorld{{a_report("w", results)}}.ask({});
  EXPECT_LT(output.text.find('\n'), 8000U);
  EXPECT_THAT(output.text, HasSubstr("more lines left out"));
}

TEST(Answer, OfOneCheckIsItsSummary) {
  EXPECT_EQ(sentence_of(healthy().ask({.check = "lag"})), "PGREPL OK - w-a2 is 500 ms behind");
}

TEST(Answer, OfOneCheckShowsAllItsMeasures) {
  const ClusterReport report = a_report("w", {archive_result(State::warning, 100)});
  EXPECT_THAT(perfdata_of(AskedWorld{{report}}.ask({.check = "archive"}).text),
              ElementsAre(Field(&PerfdataItem::value, "U"),
                          Field(&PerfdataItem::label, "archive.backlog_w-a1")));
}

TEST(Answer, LeavesOutAMeasureThatDoesNotAriseWhileAllIsWell) {
  EXPECT_THAT(perfdata_of(healthy().ask({.check = "archive"}).text),
              ElementsAre(Field(&PerfdataItem::label, "archive.backlog_w-a1")));
}

TEST(Answer, JoinsAFewFineSummariesAndCountsMany) {
  std::vector<CheckResult> slots{slot_result("a", State::ok), slot_result("b", State::ok)};
  EXPECT_EQ(sentence_of(AskedWorld{{a_report("w", slots)}}.ask({.check = "slot"})),
            "PGREPL OK - slot a has room, slot b has room");
  slots.insert(slots.end(), 2, slot_result("c", State::ok));
  EXPECT_EQ(sentence_of(AskedWorld{{a_report("w", slots)}}.ask({.check = "slot"})),
            "PGREPL OK - slot: all 4 results are fine");
}

TEST(Answer, KeepsLabelsUniqueWhereObjectsLookAlike) {
  const AskedWorld world{
      {a_report("w", {slot_result("a b", State::ok), slot_result("a=b", State::ok)})}};
  EXPECT_THAT(perfdata_of(world.ask({.check = "slot"}).text),
              ElementsAre(Field(&PerfdataItem::label, "slot_w-a1_a_b"),
                          Field(&PerfdataItem::label, "slot_w-a1_a_b_2")));
}

TEST(Answer, OfANodeLeavesTheOthersOut) {
  const AskedWorld world{{a_report("w", {lag_result("w-a1", 1), lag_result("w-a2", 30)})}};
  EXPECT_EQ(world.ask({.check = "lag", .node = "w-a1"}).state, State::ok);
  EXPECT_EQ(world.ask({.check = "lag", .node = "w-a2"}).state, State::critical);
}

TEST(Answer, IsFineWhereTheCheckIsNotApplicable) {
  ClusterReport report = a_report("w");
  report.absent = {{"archive", "w-a1", Absence::Kind::not_applicable, "archive_mode is off"}};
  const PluginOutput output = AskedWorld{{report}}.ask({.check = "archive"});
  EXPECT_EQ(sentence_of(output), "PGREPL OK - not applicable: archive_mode is off");
}

TEST(Answer, IsUnknownWhereTheCheckIsNotConfigured) {
  ClusterReport report = a_report("w");
  report.absent = {{"slot", "w-a2", Absence::Kind::not_applicable, "a standby"},
                   {"slot", "w-a1", Absence::Kind::not_configured, "no host source for w-a1"}};
  const PluginOutput output = AskedWorld{{report}}.ask({.check = "slot"});
  EXPECT_EQ(sentence_of(output), "PGREPL UNKNOWN - not configured: no host source for w-a1");
  EXPECT_FALSE(output.not_found);
}

TEST(Answer, TellsWhichNodeIsNotConfiguredBesideOneThatIsFine) {
  ClusterReport report = a_report("w", {slot_result("a", State::ok)});
  report.absent = {{"slot", "w-a2", Absence::Kind::not_configured, "no host source"}};
  const PluginOutput output = AskedWorld{{report}}.ask({.check = "slot"});
  EXPECT_EQ(output.state, State::ok);
  EXPECT_EQ(long_output_of(output), "slot w-a2: not configured: no host source\n");
}

TEST(Answer, IsUnknownWhereTheCheckSaysNothing) {
  EXPECT_EQ(sentence_of(healthy().ask({.check = "slot", .node = "w-a2"})),
            "PGREPL UNKNOWN - check slot says nothing of w-a2");
}

TEST(Answer, DoesNotBlameSilenceForWhatDoesNotApplyToTheCluster) {
  ClusterReport report = a_report("w");
  report.analysis.silent = {1};
  report.absent = {{"lag", "", Absence::Kind::not_applicable, "nothing has happened"}};
  EXPECT_EQ(sentence_of(AskedWorld{{report}}.ask({.check = "lag"})),
            "PGREPL OK - not applicable: nothing has happened");
}

TEST(Answer, NamesTheNodesWhoseSilenceLeavesNothingToJudge) {
  ClusterReport report = a_report("w");
  report.analysis.primaries = {};
  report.analysis.silent = {0, 1};
  EXPECT_EQ(
      sentence_of(AskedWorld{{report}}.ask({.check = "lag"})),
      "PGREPL UNKNOWN - check lag says nothing of w because of unreachable nodes: w-a1, w-a2");
}

TEST(Answer, MakesHostileTextsHarmless) {
  const AskedWorld world{
      {a_report("w;|='x", {role_result(State::critical, "a;b|c=d'e\"f\n\x01 \xFF `$x` <y>"),
                           slot_result("o|b;j=e'c\n t", State::critical)})}};
  EXPECT_EQ(world.ask({.verbosity = 2}).state, State::critical);
}

}  // namespace
}  // namespace pgrepl
