// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/freshness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/perfdata_judge.h"
#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AskedWorld aged(double seconds) {
  return AskedWorld{{a_report("w", {role_result(State::ok), lag_result("w-a2", 30)})}}.at_age(
      seconds);
}

TEST(DataFreshness, IsOkUpToItsLimit) {
  const PluginOutput output = aged(15).ask({.check = "data_freshness"});
  EXPECT_EQ(sentence_of(output), "PGREPL OK - report is 15 s old, limit 15 s");
  EXPECT_THAT(perfdata_of(output.text),
              ElementsAre(PerfdataItem{"data_freshness", "15s", "", "15", "0", ""}));
  EXPECT_TRUE(output.fresh);
}

TEST(DataFreshness, IsCriticalBeyondItsLimit) {
  const PluginOutput output = aged(15.1).ask({.check = "data_freshness"});
  EXPECT_EQ(sentence_of(output), "PGREPL CRITICAL - report is 15.1 s old, limit 15 s");
  EXPECT_FALSE(output.fresh);
}

TEST(DataFreshness, NamesTheRemedy) {
  EXPECT_THAT(aged(40).ask({.check = "data_freshness", .verbosity = 1}).text,
              HasSubstr("> look at the exporter of w\n"));
}

TEST(DataFreshness, TakesAThresholdOfTheCallersOwn) {
  EXPECT_EQ(aged(6).ask({.check = "data_freshness", .warning = {"5"}}).state, State::warning);
}

TEST(DataFreshness, CannotBeTalkedIntoFreshness) {
  EXPECT_EQ(aged(40).ask({.check = "data_freshness", .critical = {"1000"}}).state, State::critical);
}

TEST(StaleReport, MakesEveryOtherCheckUnknown) {
  for (const CheckRow& check : test_checks()) {
    if (check.id == kFreshnessCheck) continue;
    const PluginOutput output = aged(40).ask({.check = std::string(check.id)});
    EXPECT_EQ(sentence_of(output), "PGREPL UNKNOWN - report is 40 s old, limit 15 s");
    EXPECT_FALSE(output.fresh);
  }
}

TEST(StaleReport, IsAllThatHealthSays) {
  const PluginOutput output = aged(40).ask({});
  EXPECT_EQ(sentence_of(output), "PGREPL CRITICAL - report is 40 s old, limit 15 s");
  EXPECT_EQ(long_output_of(output), "");
}

TEST(StaleReport, OfOneClusterDoesNotHideAnother) {
  ClusterReport stale = a_report("w", {role_result(State::ok)});
  ClusterReport fresh = a_report("x", {lag_result("x-a2", 30)});
  fresh.snapshot.taken.steady = after(kTaken, Seconds{100});
  const PluginOutput output = AskedWorld{{stale, fresh}}.at_age(101).ask({});
  EXPECT_EQ(output.state, State::critical);
  EXPECT_FALSE(output.fresh);
  EXPECT_THAT(output.text, HasSubstr("x-a2 is 30 s behind"));
}

TEST(MissingReport, IsUnknownForEveryCheck) {
  AskedWorld world{{}};
  world.configured_too("w");
  for (const char* check : {"health", "lag", "data_freshness"}) {
    const PluginOutput output = world.ask({.check = check});
    EXPECT_EQ(sentence_of(output), "PGREPL UNKNOWN - no poll yet of cluster w") << check;
    EXPECT_FALSE(output.fresh);
    EXPECT_FALSE(output.not_found);
  }
}

TEST(MissingReport, DoesNotHideACriticalClusterBesideIt) {
  AskedWorld world{{a_report("w", {lag_result("w-a2", 30)})}};
  const PluginOutput output = world.configured_too("x").ask({});
  EXPECT_EQ(output.state, State::critical);
  EXPECT_FALSE(output.fresh);
}

TEST(ReportFromTheFuture, IsNotYoungerThanNothing) {
  EXPECT_EQ(sentence_of(aged(-5).ask({.check = "data_freshness"})),
            "PGREPL OK - report is 0 s old, limit 15 s");
}

}  // namespace
}  // namespace pgrepl
