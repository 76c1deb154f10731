// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checks/catalogue/catalogue.h"
#include "checks/nagios/check_query.h"
#include "checks/nagios/freshness.h"
#include "tests/support/perfdata_judge.h"
#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

const std::vector<std::string> kConfigured{"w"};

TEST(CatalogueAnswer, KnowsEveryCheck) {
  for (const CheckRow& check : checks()) {
    const PluginOutput output = answer({.check = std::string(check.id)}, {}, kConfigured, kTaken);
    EXPECT_FALSE(output.not_found) << check.id;
    EXPECT_EQ(output.state, State::unknown) << check.id;
  }
}

TEST(CatalogueAnswer, ListsEveryCheckWhole) {
  const PluginOutput output = answer({.check = "list"}, {}, kConfigured, kTaken);
  for (const CheckRow& check : checks()) {
    EXPECT_THAT(output.text, testing::HasSubstr("\n" + std::string(check.id) + " - "));
  }
  EXPECT_THAT(output.text, testing::Not(testing::HasSubstr("left out")));
}

TEST(CatalogueAnswer, FindsTheRowThatFreshnessBelongsTo) {
  ASSERT_NE(find_check(kFreshnessCheck), nullptr);
  const ClusterReport report = a_report("w");
  const std::vector<const ClusterReport*> reports{&report};
  for (const double age : {1.0, 100.0}) {
    const PluginOutput output = answer({.check = std::string(kFreshnessCheck), .verbosity = 2},
                                       reports, kConfigured, after(kTaken, Seconds{age}));
    EXPECT_EQ(plugin_output_faults(output.text), std::vector<std::string>{}) << output.text;
  }
}

TEST(CatalogueAnswer, SaysOfAStaleReportWhatToDo) {
  const ClusterReport report = a_report("w");
  const std::vector<const ClusterReport*> reports{&report};
  const PluginOutput output = answer({.check = std::string(kFreshnessCheck), .verbosity = 1},
                                     reports, kConfigured, after(kTaken, Seconds{100}));
  EXPECT_EQ(output.state, State::critical);
  EXPECT_THAT(output.text, testing::HasSubstr("> systemctl restart pgrepl_exporter\n"));
}

// --- what leads ----------------------------------------------------------------------------------

CheckResult finding(std::string_view check, const std::string& node, std::string_view cause,
                    State state = State::critical) {
  return {.check = check,
          .node = node,
          .state = state,
          .raw_state = state,
          .cause = cause,
          .summary = std::string{check} + " of " + node};
}

std::string health_of(const std::vector<ClusterReport>& reports) {
  std::vector<const ClusterReport*> pointers;
  std::vector<std::string> names;
  for (const ClusterReport& report : reports) {
    pointers.push_back(&report);
    names.push_back(report.snapshot.cluster);
  }
  return sentence_of(answer({}, pointers, names, kTaken));
}

TEST(CatalogueAnswer, LeadsWithTheCauseAndCountsWhatFollowsFromIt) {
  const CheckResult dead = finding("node_up", "w-a2", "refused");
  const CheckResult missing = finding("replication", "w-a2", "standby_unreachable");
  const CheckResult alone = finding("settings", "w-a1", "few_walsenders", State::warning);
  EXPECT_EQ(health_of({a_report("w", {missing, dead})}),
            "PGREPL CRITICAL - node_up of w-a2 (and 1 that follows from it)");
  EXPECT_EQ(health_of({a_report("w", {missing, dead, alone})}),
            "PGREPL CRITICAL - node_up of w-a2 (and 1 that follows from it, 1 more)");
  EXPECT_EQ(health_of({a_report("w", {dead, alone})}),
            "PGREPL CRITICAL - node_up of w-a2 (and 1 more)");
}

TEST(CatalogueAnswer, TellsTheWorstStateThoughTheCauseWeighsLess) {
  const CheckResult starting = finding("node_up", "w-a2", "starting_up", State::warning);
  const CheckResult missing = finding("replication", "w-a2", "standby_unreachable");
  EXPECT_EQ(health_of({a_report("w", {starting, missing})}),
            "PGREPL CRITICAL - node_up of w-a2 (and 1 that follows from it)");
}

TEST(CatalogueAnswer, NamesEveryServerThatIsDead) {
  EXPECT_EQ(health_of({a_report(
                "w", {finding("node_up", "w-a1", "refused"), finding("node_up", "w-a2", "timeout"),
                      finding("replication", "w-a2", "standby_unreachable")})}),
            "PGREPL CRITICAL - node_up of w-a2, node_up of w-a1 (and 1 that follows from them)");
}

TEST(CatalogueAnswer, TiesNoFindingToACauseInAnotherCluster) {
  const CheckResult missing = finding("replication", "a2", "standby_unreachable");
  EXPECT_EQ(
      health_of({a_report("w", {missing}), a_report("x", {finding("node_up", "a2", "refused")})}),
      "PGREPL CRITICAL - w: replication of a2 (and 1 more)");
}

}  // namespace
}  // namespace pgrepl
