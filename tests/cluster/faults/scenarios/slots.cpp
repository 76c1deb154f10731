// SPDX-License-Identifier: Apache-2.0
// Slots that hold WAL back, or have lost it.
#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

constexpr const char* kA1 = kPrimaryName;

void create_slot(Stage& stage) {
  stage.primary().sql().execute("select pg_create_physical_replication_slot('abandoned', true)");
}

void drop_slot(Stage& stage) {
  stage.primary().sql().execute("select pg_drop_replication_slot('abandoned')");
}

}  // namespace

std::vector<Scenario> slot_faults() {
  return {
      {.name = "slot_orphaned",
       .story = "a slot that nobody uses holds back 64 MB of WAL",
       .stage = {.thresholds = "slot_active.inactive = { warning = \"2s\", critical = \"1h\" }\n"
                               "slot_retention = { warning = \"32MB\", critical = \"1GB\" }\n"},
       .inject =
           [](Stage& stage) {
             create_slot(stage);
             stage.write_wal(4);
           },
       .must = {{"slot_active", kA1, 2, "", "abandoned"},
                {"slot_retention", kA1, 1, "", "abandoned"}},
       .words = {"abandoned", "holds back"},
       .polls = 70,
       .heal = drop_slot},
      {.name = "slot_lost",
       .story = "a slot falls behind max_slot_wal_keep_size and is lost",
       .stage = {.settings = {{"max_slot_wal_keep_size", "16MB"}}},
       .inject =
           [](Stage& stage) {
             create_slot(stage);
             for (int i = 0; i < 6; ++i) {  // so that the standby's own slot keeps up
               stage.write_wal(1);
               stage.primary().sql().execute(
                   "create table if not exists confirmed (); drop table confirmed");
             }
             stage.primary().sql().execute("checkpoint");
           },
       .must = {{"slot_wal_status", kA1, 2, "lost", "abandoned"}},
       .words = {"abandoned", "lost"},
       .polls = 25,
       .heal = drop_slot},
  };
}

}  // namespace pgrepl::test
