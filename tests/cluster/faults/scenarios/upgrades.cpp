// SPDX-License-Identifier: Apache-2.0
// The same addresses answer with another major version, as after pg_upgrade: another system
// identifier, another set of columns, timeline 1 again.
#include <stdexcept>
#include <thread>

#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

using std::chrono::seconds;

constexpr int kNewest = 18, kOldest = 13;
constexpr const char* kUnusedSlot = "unused";
constexpr seconds kUnusedFor{5};

StageOptions beside(int major) {
  return {.gate_to_standby = true,
          .gate_to_primary = true,
          .other = PairOptions{.major = major, .is_another_system = true}};
}

/// From PostgreSQL 17 on the server itself tells since when a slot is unused.
void leave_a_slot_unused(Stage& stage) {
  stage.other().primary().sql().execute(
      std::string("select pg_create_physical_replication_slot('") + kUnusedSlot + "', true)");
  std::this_thread::sleep_for(kUnusedFor);
}

void replace_both(Stage& stage) {
  stage.standby().stop();
  stage.primary().stop();
  stage.to_primary().lead_to(stage.other().primary().port());
  stage.to_standby().lead_to(stage.other().standby().port());
}

void demand(const ::testing::AssertionResult& seen) {
  if (!seen) throw std::runtime_error(seen.message());
}

/// Reads both nodes by the statements of that version, and has told of no failover.
void demand_version(Stage& stage, int major) {
  const std::string version = "pgrepl_node_server_version_number";
  for (const Labels& node : {kPrimary, kStandby}) {
    demand(stage.watch().exceeds(version, node, major * 10000 - 1));
    if (stage.watch().value(version, node) >= (major + 1) * 10000)
      throw std::runtime_error("another version than " + std::to_string(major));
    demand(
        stage.watch().becomes("pgrepl_poll_errors_total", with(node, "reason", "query_failed"), 0));
    demand(stage.watch().exceeds("pgrepl_wal_directory_bytes", node, 0));
    demand(stage.watch().becomes("pgrepl_events_total", {{"kind", "system_changed"}}, 2));
  }
  demand(stage.watch().becomes("pgrepl_failover_kind", {{"kind", "none"}}, 1));
}

void demand_newest(Stage& stage) {
  demand_version(stage, kNewest);
  demand(stage.watch().exceeds("pgrepl_slot_inactive_seconds", {{"slot_name", kUnusedSlot}},
                               seconds(kUnusedFor).count()));
}

/// All that may be said of a pair whose servers change.
Changes meanwhile() { return kBlindOnPrimary + Changes{"cluster_role"}; }

}  // namespace

std::vector<Scenario> upgrade_faults() {
  return {
      {.name = "pair_upgraded",
       .story = "both nodes are stopped and come back as PostgreSQL 18",
       .stage = beside(kNewest),
       .inject =
           [](Stage& stage) {
             leave_a_slot_unused(stage);
             replace_both(stage);
           },
       .may = meanwhile(),
       .quiet = true,
       .heal = demand_newest},
      {.name = "pair_replaced_by_an_older_one",
       .story = "both nodes are stopped and come back as PostgreSQL 13",
       .stage = beside(kOldest),
       .inject = replace_both,
       .may = meanwhile(),
       .quiet = true,
       .heal = [](Stage& stage) { demand_version(stage, kOldest); }},
      {.name = "standby_upgraded_alone",
       .story = "the standby comes back as PostgreSQL 18 beside a primary of 15",
       .stage = beside(kNewest),
       .inject =
           [](Stage& stage) {
             stage.to_standby().lead_to(stage.other().standby().port());
             stage.standby().stop();
           },
       .must = {{"system_identifier", kStandbyName, 2, "other_system"},
                {"replication", kStandbyName, 2, ""},
                {"sync_state", kStandbyName, 2, "no_standby"}},
       .may = meanwhile() + kNotReady,
       .words = {kStandbyName, "is of system"},
       .polls = 25,
       .heal =
           [](Stage& stage) {
             stage.standby().start();
             stage.to_standby().lead_to(stage.standby().port());
           }},
  };
}

}  // namespace pgrepl::test
