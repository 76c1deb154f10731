// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/perfdata.h"

#include <gtest/gtest.h>

#include <limits>

namespace pgrepl {
namespace {

TEST(PerfdataLabel, IsMadeOfWhatThereIs) {
  EXPECT_EQ(perfdata_label({.check = "replay_lag", .node = "wallix-a2"}), "replay_lag_wallix-a2");
  EXPECT_EQ(perfdata_label({.check = "archive", .measure = "backlog", .node = "a1"}),
            "archive.backlog_a1");
  EXPECT_EQ(perfdata_label({.cluster = "w", .check = "disk_usage", .node = "a1", .object = "data"}),
            "w.disk_usage_a1_data");
  EXPECT_EQ(perfdata_label({.check = "cluster_role"}), "cluster_role");
}

TEST(PerfdataLabel, NeedsNoQuotes) {
  EXPECT_EQ(perfdata_label({.check = "slot", .object = "it's a=b;c|d::e\xC3\xBC\n"}),
            "slot_it_s_a_b_c_d__e___");
}

TEST(PerfdataValue, HasUnitLimitsAndScale) {
  EXPECT_EQ(perfdata_value({.unit = Unit::percent,
                            .value = 42.5,
                            .warning = above(80),
                            .critical = above(90),
                            .minimum = 0,
                            .maximum = 100}),
            "42.5%;80;90;0;100");
  EXPECT_EQ(perfdata_value({.unit = Unit::count, .value = 3, .critical = below(1)}), "3;;1:");
  EXPECT_EQ(perfdata_value({.unit = Unit::bytes, .value = 0}), "0B");
}

TEST(PerfdataValue, IsUWhenNotKnown) {
  EXPECT_EQ(perfdata_value({.unit = Unit::seconds, .warning = above(10), .minimum = 0}), "U;10;;0");
  EXPECT_EQ(perfdata_value({.value = std::numeric_limits<double>::quiet_NaN()}), "U");
  EXPECT_EQ(perfdata_value({.value = std::numeric_limits<double>::infinity()}), "U");
}

TEST(PerfdataValue, LeavesOutAScaleThatTheValueContradicts) {
  EXPECT_EQ(perfdata_value({.unit = Unit::percent, .value = 101, .minimum = 0, .maximum = 100}),
            "101%;;;0");
  EXPECT_EQ(perfdata_value({.value = -1, .minimum = 0, .maximum = 100}), "-1;;;;100");
}

TEST(Perfdata, GivesTheSecondOfTwoEqualLabelsANumber) {
  Perfdata perfdata(1000);
  for (int i = 0; i < 3; ++i) perfdata.add("a", {.value = i});
  perfdata.add("a_2", {.value = 9});
  EXPECT_EQ(perfdata.text(), "a=0 a_2=1 a_3=2 a_2_2=9");
}

TEST(Perfdata, LeavesOutWholeItemsBeyondItsLimit) {
  Perfdata perfdata(10);
  perfdata.add("abc", {.value = 1});
  perfdata.add("def", {.value = 10});
  perfdata.add("g", {.value = 1});
  EXPECT_EQ(perfdata.text(), "abc=1 g=1");
  EXPECT_EQ(perfdata.left_out(), 1U);
}

}  // namespace
}  // namespace pgrepl
