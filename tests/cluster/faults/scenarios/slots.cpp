// SPDX-License-Identifier: Apache-2.0
// Slots that hold WAL back, or have lost it.
#include "tests/cluster/faults/scenario.h"
#include "tests/cluster/faults/scenarios/rebuild.h"

namespace pgrepl::test {
namespace {

constexpr const char* kA1 = kPrimaryName;

void create_slot(Stage& stage) {
  stage.primary().sql().execute("select pg_create_physical_replication_slot('abandoned', true)");
}

void drop_slot(Stage& stage) {
  stage.primary().sql().execute("select pg_drop_replication_slot('abandoned')");
}

/// Writes that many segments, each only when the standby's own slot has kept up.
void write_past_the_slot(Stage& stage, int segments) {
  create_slot(stage);
  for (int i = 0; i < segments; ++i) {
    stage.write_wal(1);
    stage.primary().sql().execute("create table if not exists kept_up (); drop table kept_up");
  }
}

constexpr const char* kSoonUnused =
    "slot_active.inactive = { warning = \"2s\", critical = \"1h\" }\n";

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
       .must = {{"slot_active", kA1, 2, "orphan", "abandoned"},
                {"slot_retention", kA1, 1, "orphan", "abandoned"}},
       .words = {"abandoned", "belongs to no configured standby", "holds back"},
       .polls = 12,
       .heal = drop_slot},
      {.name = "slot_lost",
       .story = "a slot falls behind max_slot_wal_keep_size and is lost",
       .stage = {.settings = {{"max_slot_wal_keep_size", "16MB"}}, .thresholds = kSoonUnused},
       .inject =
           [](Stage& stage) {
             write_past_the_slot(stage, 6);
             stage.primary().sql().execute("checkpoint");
           },
       .must = {{"slot_wal_status", kA1, 2, "lost", "abandoned"},
                {"slot_active", kA1, 1, "lost", "abandoned"}},
       .words = {"abandoned", "lost"},
       .polls = 14,
       .heal = drop_slot},
      {.name = "slot_will_be_lost",
       .story = "something is written for minutes while a slot is unused: how long may it last?",
       .stage = {.settings = {{"max_slot_wal_keep_size", "1GB"}},
                 .thresholds = kSoonUnused,
                 .primary = "host = { source = \"local\" }\n"},
       .inject =
           [](Stage& stage) {
             create_slot(stage);
             stage.keep_writing();
           },
       .must = {{"slot_active", kA1, 1, "orphan", "abandoned"}},
       .words = {"abandoned", "unused"},
       .shows = {{"pgrepl_slot_lost_eta_seconds", {{"slot_name", "abandoned"}}, 600},
                 {"pgrepl_slot_disk_full_eta_seconds", {{"slot_name", "abandoned"}}, 600}},
       .polls = 14,
       .heal = drop_slot,
       .patience = std::chrono::seconds(400)},
      {.name = "slot_unreserved",
       .story = "a slot is beyond max_slot_wal_keep_size; the next checkpoint takes its WAL",
       .stage = {.settings = {{"max_slot_wal_keep_size", "32MB"}}},
       .inject = [](Stage& stage) { write_past_the_slot(stage, 5); },
       .must = {{"slot_wal_status", kA1, 2, "unreserved", "abandoned"}},
       .words = {"abandoned", "unreserved"},
       .polls = 12,
       .heal = drop_slot},
      {.name = "slot_near_its_limit",
       .story = "a slot holds more than max_wal_size, and max_slot_wal_keep_size comes near",
       .stage = {.settings = {{"max_slot_wal_keep_size", "512MB"}, {"max_wal_size", "32MB"}}},
       .inject = [](Stage& stage) { write_past_the_slot(stage, 6); },
       .must = {{"slot_wal_status", kA1, 1, "near_limit", "abandoned"}},
       .words = {"abandoned", "before it is lost"},
       .polls = 12,
       .heal = drop_slot},
      {.name = "slot_of_missing_standby",
       .story = "the standby is shut down, and its slot holds WAL for it",
       .stage = {.thresholds = "slot_retention = { warning = \"16MB\", critical = \"1GB\" }\n"},
       .inject =
           [](Stage& stage) {
             stage.standby().stop();
             stage.write_wal(2);
           },
       .must = {{"slot_active", kA1, 2, "standby_gone", kSlotName},
                {"slot_retention", kA1, 1, "standby_gone", kSlotName},
                {"replication", kStandbyName, 2, "standby_unreachable"},
                {"sync_state", kStandbyName, 2, "no_standby"},
                {"node_up", kStandbyName, 2, "refused"}},
       .may = kBlindOnStandby,
       .words = {"wallix-a2 does not answer: connect: connection refused"},
       .shows = {{"pgrepl_slot_owner", {{"slot_name", kSlotName}, {"owner", "standby"}}}},
       .polls = 25,
       .heal = [](Stage& stage) { stage.standby().start(); }},
      {.name = "slot_of_standby_lost",
       .story = "while the standby is away its slot falls behind max_slot_wal_keep_size",
       .stage = {.settings = {{"max_slot_wal_keep_size", "16MB"}}},
       .inject =
           [](Stage& stage) {
             stage.standby().stop();
             stage.write_wal(6);
             stage.primary().sql().execute("checkpoint");
             stage.standby().start();
           },
       .must = {{"slot_wal_status", kA1, 2, "lost", kSlotName},
                {"replication", kStandbyName, 2, "slot_lost"},
                {"sync_state", kStandbyName, 2, "no_standby"},
                {"settings", kA1, 1, "little_wal_kept"}},
       .may = kBlindOnStandby + kCutOff + Changes{"node_up@wallix-a2=CRITICAL"},
       .words = {"slot wallix_a2_slot on wallix-a1 is lost", "wallix-a2 cannot continue"},
       .polls = 50,
       .heal = build_standby_anew},
      {.name = "wal_of_standby_removed",
       .story = "a standby without a slot is away until the WAL that it needs is removed",
       .stage = {.settings = {{"wal_keep_size", "0"}}},
       .inject =
           [](Stage& stage) {
             stage.standby().stop();
             stage.standby().set("primary_slot_name", "");
             stage.primary().sql().execute(std::string("select pg_drop_replication_slot('") +
                                           kSlotName + "')");
             stage.write_wal(6);
             stage.primary().sql().execute("checkpoint");
             stage.standby().start();
           },
       .must = {{"replication", kStandbyName, 2, "wal_removed"},
                {"sync_state", kStandbyName, 2, "no_standby"},
                {"settings", kA1, 1, "little_wal_kept"}},
       .may = kBlindOnStandby + kCutOff + Changes{"node_up@wallix-a2=CRITICAL"},
       .words = {"wallix-a2 does not stream from wallix-a1: it needs WAL from ",
                 "wallix-a1 has removed what is older than"},
       .shows = {{"pgrepl_rejoin_blocker", with(kStandby, "blocker", "needs_base_backup")}},
       .polls = 50,
       .heal = build_standby_anew},
      {.name = "logical_slot_unread",
       .story = "nobody reads a logical slot any more",
       .stage = {.settings = {{"wal_level", "logical"}}, .thresholds = kSoonUnused},
       .inject =
           [](Stage& stage) {
             stage.primary().sql().execute(
                 "select pg_create_logical_replication_slot('abandoned', 'test_decoding')");
           },
       .must = {{"slot_active", kA1, 1, "consumer_gone", "abandoned"}},
       .words = {"abandoned", "unused"},
       .polls = 14,
       .heal = drop_slot},
  };
}

}  // namespace pgrepl::test
