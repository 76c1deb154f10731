// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/perfdata_judge.h"
#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

AskedWorld world_of(CheckResult result) { return AskedWorld{{a_report("w", {std::move(result)})}}; }

State lag_state(CheckResult result, const CheckQuery& asked) {
  return world_of(std::move(result)).ask(asked).state;
}

TEST(Override, OfTheFirstMeasureNeedsNoName) {
  EXPECT_EQ(lag_state(lag_result("w-a2", 5), {.check = "lag", .warning = {"4"}}), State::warning);
  EXPECT_EQ(lag_state(lag_result("w-a2", 5), {.check = "lag", .critical = {"4"}}), State::critical);
  EXPECT_EQ(
      lag_state(lag_result("w-a2", 30), {.check = "lag", .warning = {"60"}, .critical = {"90"}}),
      State::ok);
}

TEST(Override, OfOneSideLeavesTheOtherInForce) {
  EXPECT_EQ(lag_state(lag_result("w-a2", 30), {.check = "lag", .warning = {"60"}}),
            State::critical);
}

TEST(Override, TakesEveryKindOfRange) {
  EXPECT_EQ(lag_state(lag_result("w-a2", 5), {.check = "lag", .warning = {"10:"}}), State::warning);
  EXPECT_EQ(lag_state(lag_result("w-a2", 5), {.check = "lag", .warning = {"@1:6"}}),
            State::warning);
  EXPECT_EQ(lag_state(lag_result("w-a2", 5), {.check = "lag", .warning = {"~:6"}}), State::ok);
}

TEST(Override, StandsInThePerfdata) {
  const PluginOutput output =
      world_of(lag_result("w-a2", 5))
          .ask({.check = "lag", .warning = {"lag=~:6"}, .critical = {"@2:3"}});
  EXPECT_THAT(perfdata_of(output.text),
              Contains(PerfdataItem{"lag_w-a2", "5s", "~:6", "@2:3", "0", ""}));
}

TEST(Override, OfANamedMeasureLeavesTheOthers) {
  const PluginOutput output =
      world_of(archive_result(State::ok, 50)).ask({.check = "archive", .critical = {"backlog=40"}});
  EXPECT_EQ(output.state, State::critical);
  EXPECT_THAT(perfdata_of(output.text),
              Contains(PerfdataItem{"archive.backlog_w-a1", "50", "64", "40", "", ""}));
}

TEST(Override, OfAMeasureThatIsNotKnownIsUnknown) {
  EXPECT_EQ(lag_state(archive_result(State::ok, 50), {.check = "archive", .warning = {"10"}}),
            State::unknown);
}

TEST(Override, IsNotHeldBack) {
  CheckResult young = lag_result("w-a2", 30);
  young.state = State::ok;
  EXPECT_EQ(lag_state(young, {.check = "lag", .critical = {"20"}}), State::critical);
}

TEST(Override, DoesNotSpeedUpAMeasureThatIsHeldBack) {
  CheckResult young = archive_result(State::ok, 300);
  young.measures[0].value = 1;
  EXPECT_EQ(lag_state(young, {.check = "archive", .warning = {"failing_for=60"}}), State::ok);
}

TEST(Override, DoesNotSilenceACauseThatAssertsAState) {
  CheckResult down = lag_result("w-a2", 30);
  down.cause = "receiver_down";
  EXPECT_EQ(lag_state(down, {.check = "lag", .warning = {"60"}, .critical = {"90"}}),
            State::critical);
}

TEST(Override, ThatForgivesTakesTheProbableCauseAndTheFixAway) {
  const std::string text =
      world_of(lag_result("w-a2", 12))
          .ask({.check = "lag", .warning = {"60"}, .critical = {"90"}, .verbosity = 2})
          .text;
  EXPECT_THAT(text, AllOf(Not(HasSubstr("It cannot keep up.")), Not(HasSubstr("> look at"))));
}

TEST(Override, LeavesACauseThatIsHeldBackWhereItIs) {
  CheckResult down = lag_result("w-a2", 1);
  down.cause = "receiver_down";
  down.raw_state = State::critical;
  EXPECT_EQ(lag_state(down, {.check = "lag", .warning = {"60"}}), State::ok);
}

TEST(Override, IsUnknownWhenMalformedAndNamesTheText) {
  for (const char* text :
       {"", "10:5", "abc", "1e999", "lag=", "lag=10:5", "lag=1=2", "nan", "10:20:30"}) {
    const PluginOutput output =
        world_of(lag_result("w-a2", 1)).ask({.check = "lag", .warning = {text}});
    EXPECT_EQ(output.state, State::unknown) << text;
    EXPECT_THAT(output.text, HasSubstr("is not a range")) << text;
    EXPECT_FALSE(output.not_found);
  }
  EXPECT_THAT(world_of(lag_result("w-a2", 1)).ask({.check = "lag", .critical = {"10:5"}}).text,
              HasSubstr("critical threshold 10:5 is not a range"));
}

TEST(Override, OfAnUnknownMeasureListsTheKnownOnes) {
  EXPECT_EQ(
      sentence_of(
          world_of(archive_result(State::ok, 1)).ask({.check = "archive", .warning = {"files=3"}})),
      "PGREPL UNKNOWN - check archive has no measure files (known: failing_for, backlog)");
}

TEST(Override, NeedsACheckThatJudgesANumber) {
  EXPECT_THAT(world_of(role_result(State::ok)).ask({.check = "role", .warning = {"3"}}).text,
              HasSubstr("UNKNOWN - check role judges no number"));
  EXPECT_THAT(world_of(role_result(State::ok)).ask({.warning = {"3"}}).text,
              HasSubstr("UNKNOWN - thresholds need the name of a check"));
}

}  // namespace
}  // namespace pgrepl
