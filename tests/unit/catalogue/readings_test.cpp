// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "checks/catalogue/catalogue.h"
#include "tests/support/cluster_builder.h"

// What every check and fact keeps, in whatever situation a pair may be.
namespace pgrepl {
namespace {

using test::ClusterBuilder;

struct Situation {
  std::string name;
  std::function<void(ClusterBuilder&)> make;
};

const std::vector<Situation>& situations() {
  static const std::vector<Situation> all{
      {"healthy", [](ClusterBuilder&) {}},
      {"standby_dead",
       [](ClusterBuilder& pair) { pair.silence(1, FailureClass::refused).cut_standby(); }},
      {"primary_dead", [](ClusterBuilder& pair) { pair.silence(0, FailureClass::timeout); }},
      {"all_dead",
       [](ClusterBuilder& pair) {
         pair.silence(0, FailureClass::dns).silence(1, FailureClass::password);
       }},
      {"split_brain", [](ClusterBuilder& pair) { pair.cut_standby().promote_standby(); }},
      {"lost_slot",
       [](ClusterBuilder& pair) {
         pair.cut_standby();
         pair.slot().wal_status = "lost";
         pair.slot().restart_lsn.reset();
       }},
      {"nothing_slow_read_yet",
       [](ClusterBuilder& pair) {
         for (NodeState* node : {&pair.primary(), &pair.standby()}) {
           node->settings = {};
           node->commit_overrides = {};
           node->wal_directory = {};
           node->archiver = {};
           node->archive_status = {};
         }
       }},
      {"parts_missing",
       [](ClusterBuilder& pair) {
         const Failure failure{FailureClass::query_failed, "a statement failed"};
         pair.primary().missing = {failure, failure, failure, failure, failure, failure};
         pair.primary().wal_senders.clear();
         pair.primary().slots.clear();
       }},
      {"histories_untold",
       [](ClusterBuilder& pair) {
         for (NodeState* node : {&pair.primary(), &pair.standby()}) {
           node->system_identifier.reset();
           node->timeline.reset();
           node->postmaster_start_timestamp.reset();
         }
       }},
      {"histories_untold_by_two_primaries",
       [](ClusterBuilder& pair) {
         pair.cut_standby().promote_standby();
         for (NodeState* node : {&pair.primary(), &pair.standby()}) {
           node->system_identifier.reset();
           node->timeline.reset();
         }
       }},
      {"old_row_beside_the_new_one",
       [](ClusterBuilder& pair) {
         StatReplicationRow stale = pair.walsender();
         stale.pid = 99;
         stale.reply_age = Seconds{60};
         pair.primary().wal_senders.push_back(stale);
       }},
  };
  return all;
}

class InEverySituation : public testing::TestWithParam<Situation> {
 protected:
  ClusterReport report() const {
    ClusterBuilder pair;
    pair.poll();
    GetParam().make(pair);
    return pair.poll();
  }
};

TEST_P(InEverySituation, ReadingsNameOnlyDeclaredMeasuresAndCauses) {
  const ClusterReport made = report();
  for (const CheckRow& check : checks()) {
    const Readings readings = check.read({made.snapshot, made.analysis, made.policy});
    for (const Reading& reading : readings.found) {
      for (const MeasuredValue& value : reading.values) {
        EXPECT_NE(find_measure(check, value.measure), nullptr) << check.id << "." << value.measure;
      }
      bool known = reading.cause == "none";
      for (const CauseRow& cause : check.causes) known = known || cause.id == reading.cause;
      EXPECT_TRUE(known) << check.id << ": " << reading.cause;
      EXPECT_TRUE(reading.unknown_because || !reading.summary.empty()) << check.id;
    }
  }
}

TEST_P(InEverySituation, NoResultStandsTwice) {
  std::map<CheckKey, int> seen;
  for (const CheckResult& result : report().results) {
    const CheckKey key{std::string{result.check}, result.node, result.object};
    EXPECT_EQ(++seen[key], 1) << result.check << " " << result.node << " " << result.object;
  }
}

TEST_P(InEverySituation, NoSeriesStandsTwiceAndAllFitTheirRow) {
  const ClusterReport made = report();
  for (const FactRow& row : facts()) {
    if (row.scope() != FactScope::cluster) continue;
    FactSink sink;
    row.of_cluster({made.snapshot, made.analysis, made.policy, made.results}, sink);
    std::map<std::vector<std::string>, int> seen;
    for (const Sample& sample : sink.take()) {
      EXPECT_EQ(sample.label_values.size(), row.label_count()) << row.metric;
      EXPECT_EQ(++seen[sample.label_values], 1) << row.metric;
    }
  }
}

TEST_P(InEverySituation, BadResultsNameTheirCauseAndWhatToDo) {
  ClusterBuilder pair;
  pair.poll();
  GetParam().make(pair);
  for (int i = 0; i < 6; ++i) pair.poll();
  for (const CheckResult& result : pair.poll().results) {
    if (result.state != State::critical && result.state != State::warning) continue;
    EXPECT_NE(result.cause, "none") << result.check << ": " << result.summary;
    EXPECT_FALSE(result.fix.empty()) << result.check;
    for (const std::string& line : result.fix) EXPECT_EQ(line.find('{'), std::string::npos) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, InEverySituation, testing::ValuesIn(situations()),
                         [](const auto& situation) { return situation.param.name; });

}  // namespace
}  // namespace pgrepl
