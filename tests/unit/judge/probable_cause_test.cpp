// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/probable_cause.h"

#include <gtest/gtest.h>

#include "checks/catalogue/catalogue.h"

namespace pgrepl {
namespace {

CheckResult role(State state, std::string_view cause) {
  return {.check = "cluster_role", .state = state, .cause = cause, .since = SteadyTime{}};
}

TEST(ProbableCause, IsWhatTheCatalogueSaysOfIt) {
  EXPECT_EQ(probable_cause(checks(), role(State::critical, "no_primary")), "No node takes writes.");
}

TEST(ProbableCause, IsNotToldWhileAllIsWell) {
  EXPECT_EQ(probable_cause(checks(), role(State::ok, "no_primary")), "");
}

TEST(ProbableCause, IsNotInventedWhereNoneIsKnown) {
  EXPECT_EQ(probable_cause(checks(), role(State::unknown, "none")), "");
  EXPECT_EQ(probable_cause({}, role(State::critical, "no_primary")), "");
}

}  // namespace
}  // namespace pgrepl
