// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/evidence.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

std::string told(const char* range, Unit unit = Unit::seconds) {
  return describe(parse_range(range).value(), unit);
}

TEST(Describe, SaysWhenARangeAlerts) {
  EXPECT_EQ(told("10"), "above 10 s");
  EXPECT_EQ(told("~:10"), "above 10 s");
  EXPECT_EQ(told("3600:"), "below 1 h");
  EXPECT_EQ(told("0:"), "below 0 s");
  EXPECT_EQ(told("~:"), "never");
  EXPECT_EQ(told("10:20"), "outside 10 s to 20 s");
  EXPECT_EQ(told("1073741824", Unit::bytes), "above 1 GB");
}

TEST(Describe, SaysWhenAnInsideRangeAlerts) {
  EXPECT_EQ(told("@10:20"), "within 10 s to 20 s");
  EXPECT_EQ(told("@~:20"), "up to 20 s");
  EXPECT_EQ(told("@10:"), "from 10 s");
  EXPECT_EQ(told("@~:"), "always");
}

TEST(Describe, NamesTheLimitsThatThereAre) {
  EXPECT_EQ(describe(Limits{.warning = above(80), .critical = above(90)}, Unit::percent),
            "warning above 80 %, critical above 90 %");
  EXPECT_EQ(describe(Limits{.critical = below(1)}, Unit::count), "critical below 1");
  EXPECT_EQ(describe(Limits{}, Unit::count), "no limits");
}

TEST(Evidence, SaysThatAValueIsNotKnown) {
  const CheckResult result{.check = "lag", .measures = {{.id = "lag", .unit = Unit::seconds}}};
  EXPECT_EQ(evidence(result, {}).at(1), "lag not known, no limits");
}

}  // namespace
}  // namespace pgrepl
