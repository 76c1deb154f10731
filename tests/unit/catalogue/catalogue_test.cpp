// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <set>

#include "checks/catalogue/row_rules.h"

namespace pgrepl {
namespace {

TEST(Catalogue, NamesEveryMetricOnce) {
  std::set<std::string_view> names;
  for (const FactRow& row : facts()) EXPECT_TRUE(names.insert(row.metric).second) << row.metric;
  EXPECT_GT(names.size(), 70U);
}

TEST(Catalogue, NamesEveryCheckOnce) {
  std::set<std::string_view> ids;
  for (const CheckRow& row : checks()) EXPECT_TRUE(ids.insert(row.id).second) << row.id;
}

TEST(Catalogue, HasEveryCheckOfTheContract) {
  for (const std::string_view id :
       {"node_up",     "cluster_role",   "system_identifier", "timeline",        "upstream",
        "replication", "sync_state",     "commit_stall",      "replay_lag",      "replay_lag_bytes",
        "lag_growth",  "slot_active",    "slot_retention",    "slot_wal_status", "wal_directory",
        "disk_usage",  "disk_full_eta",  "archive",           "wal_senders",     "network_latency",
        "settings",    "data_freshness", "failover_duration", "failover_ready"}) {
    EXPECT_NE(find_check(id), nullptr) << id;
  }
}

TEST(Catalogue, NamesEveryMeasureAndCauseOnceWithinItsCheck) {
  for (const CheckRow& row : checks()) {
    std::set<std::string_view> measures, causes;
    for (const MeasureRow& measure : row.measures) EXPECT_TRUE(measures.insert(measure.id).second);
    for (const CauseRow& cause : row.causes) EXPECT_TRUE(causes.insert(cause.id).second);
  }
}

TEST(Catalogue, GivesEveryLimitADirectionThatMakesSense) {
  for (const CheckRow& check : checks()) {
    for (const MeasureRow& measure : check.measures) {
      if (!measure.warning || !measure.critical) continue;
      const bool rises = *measure.critical > *measure.warning;
      EXPECT_EQ(rises, measure.bad == BadSide::above) << check.id << "." << measure.id;
    }
  }
}

TEST(Catalogue, FollowsAndNeedsOnlyMeasuresThatExist) {
  for (const CheckRow& check : checks()) {
    for (const MeasureRow& measure : check.measures) {
      for (const auto& [other_check, other_measure] :
           {measure.critical_follows, measure.warning_needs, measure.critical_needs}) {
        if (other_check.empty()) continue;
        ASSERT_NE(find_check(other_check), nullptr) << check.id << "." << measure.id;
        EXPECT_NE(find_measure(*find_check(other_check), other_measure), nullptr);
      }
    }
  }
}

TEST(Catalogue, GivesWhatAMeasureNeedsUnderTheSameName) {
  for (const CheckRow& check : checks()) {
    for (const MeasureRow& measure : check.measures) {
      for (const auto& [other_check, needed] : {measure.warning_needs, measure.critical_needs}) {
        if (needed.empty()) continue;
        EXPECT_NE(find_measure(check, needed), nullptr) << check.id;
      }
    }
  }
}

TEST(Catalogue, TurnsDefaultsIntoRangesOnTheMeasuresBadSide) {
  const Limits lag = default_limits(find_check("replay_lag")->measures.front());
  EXPECT_EQ(lag.warning, above(10));
  EXPECT_EQ(lag.critical, above(25));
  EXPECT_EQ(default_limits(find_check("wal_senders")->measures.front()).critical, below(1));
}

TEST(RowRules, RefuseNamesThatBreakTheField) {
  const auto row = [](std::string_view metric, MetricType type, Unit unit, std::string_view help) {
    return FactRow{.metric = metric,
                   .type = type,
                   .unit = unit,
                   .labels = {"cluster"},
                   .help = help,
                   .source = "somewhere",
                   .of_cluster = [](const ClusterFacts&, FactSink&) {}};
  };
  using row_rules::is_sound;
  EXPECT_TRUE(is_sound(row("pgrepl_x_bytes", MetricType::gauge, Unit::bytes, "Fine.")));
  EXPECT_FALSE(is_sound(row("x_bytes", MetricType::gauge, Unit::bytes, "No prefix.")));
  EXPECT_FALSE(is_sound(row("pgrepl_x", MetricType::gauge, Unit::bytes, "No unit.")));
  EXPECT_FALSE(is_sound(row("pgrepl_x_bytes", MetricType::counter, Unit::bytes, "No total.")));
  EXPECT_FALSE(is_sound(row("pgrepl_x_total", MetricType::gauge, Unit::none, "A total gauge.")));
  EXPECT_FALSE(is_sound(row("pgrepl__x", MetricType::gauge, Unit::none, "Two underscores.")));
  EXPECT_FALSE(is_sound(row("pgrepl_x", MetricType::gauge, Unit::none, "No full stop")));
  EXPECT_FALSE(is_sound(row("pgrepl_x", MetricType::gauge, Unit::none, "A \n break.")));
}

}  // namespace
}  // namespace pgrepl
