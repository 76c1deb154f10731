// SPDX-License-Identifier: Apache-2.0
// Times in which nobody must be woken.
#include "tests/cluster/faults/scenario.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using std::chrono::seconds;

constexpr const char* kA1 = kPrimaryName;

/// Where Debian puts libfaketime.
std::string fake_clock() {
  const std::string library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
  if (!std::filesystem::exists(library))
    throw std::runtime_error("libfaketime is missing: deploy/install-packages test");
  return library;
}

void use_slots_elsewhere(Stage& stage) {
  stage.standby().sql().execute("select pg_create_physical_replication_slot('feeds_a3', true)");
  stage.standby().sql().execute("select pg_create_physical_replication_slot('left_over', true)");
  stage.third().set("primary_slot_name", "feeds_a3");
  stage.third().reload();
  stage.keep_subscribing("subscription");
}

/// A client that was ended leaves its slot a moment later.
void drop_unused(Stage& stage, const std::string& slot) {
  const auto dropped = [&] {
    return stage.primary().sql().value(
               "select count(pg_drop_replication_slot(slot_name)) from pg_replication_slots"
               " where not active and slot_name = '" +
               slot + "'") == "1";
  };
  if (!wait_until(dropped, kServerPatience)) throw std::runtime_error("slot in use: " + slot);
}

}  // namespace

std::vector<Scenario> quiet_times() {
  return {
      {.name = "idle_primary",
       .story = "nothing is written for two minutes",
       .inject = [](Stage&) {},
       .quiet = true,
       .watch = seconds(120)},
      {.name = "standby_restarted_quickly",
       .story = "the standby is restarted: no page",
       .inject = [](Stage& stage) { stage.standby().restart(); },
       .quiet = true},
      {.name = "primary_crashes_and_recovers",
       .story = "the primary is killed and started at once: crash recovery, no page",
       .inject =
           [](Stage& stage) {
             stage.primary().kill();
             stage.primary().start();
           },
       .may = {"node_up@wallix-a1=WARNING"},
       .quiet = true},
      {.name = "slow_stream",
       .story = "each piece of WAL takes 50 ms longer to the standby",
       .stage = {.gate_in_stream = true},
       .inject =
           [](Stage& stage) {
             stage.stream().set(
                 {.kind = GateRule::Kind::delay, .pause = std::chrono::milliseconds(50)});
             stage.primary().sql().execute("create table slow as select 1");
           },
       .quiet = true,
       .heal = [](Stage& stage) { stage.stream().set({}); }},
      {.name = "cascading_standby",
       .story = "a third node streams from the standby, which is no fault",
       .stage = {.third = Third::configured},
       .inject =
           [](Stage& stage) { stage.primary().sql().execute("create table more as select 1"); },
       .quiet = true},
      {.name = "clock_skew",
       .story = "the standby's clock is an hour ahead",
       .inject =
           [](Stage& stage) {
             stage.standby().set_environment({{"LD_PRELOAD", fake_clock()}, {"FAKETIME", "+1h"}});
             stage.standby().restart();
             stage.primary().sql().execute("create table skewed as select 1");
           },
       .quiet = true},
      {.name = "clock_skew_of_primary",
       .story = "the primary's clock is an hour ahead: by its own time the standby lags",
       .inject =
           [](Stage& stage) {
             stage.primary().set_environment({{"LD_PRELOAD", fake_clock()}, {"FAKETIME", "+1h"}});
             stage.primary().restart();
             stage.primary().sql().execute("create table skewed as select 1");
           },
       .may = {"node_up@wallix-a1=WARNING"},
       .quiet = true},
      {.name = "base_backup_and_receivewal",
       .story = "pg_basebackup and pg_receivewal run beside the standby",
       .stage = {.settings = {{"max_wal_senders", "10"}}},
       .inject =
           [](Stage& stage) {
             stage.keep_receiving_wal();
             stage.keep_taking_base_backup();
           },
       .shows = {{"pgrepl_walsenders_by_kind", {{"node", kA1}, {"kind", "wal_archive"}}},
                 {"pgrepl_walsenders_by_kind", {{"node", kA1}, {"kind", "base_backup"}}, 1},
                 {"pgrepl_basebackup_progress_ratio", {{"node", kA1}}},
                 {"pgrepl_basebackup_phase",
                  {{"node", kA1}, {"phase", "streaming database files"}}}},
       .quiet = true,
       .heal = [](Stage&) {}},
      {.name = "slots_of_others",
       .story = "a slot on the standby feeds a third node, another is left over there, a "
                "subscriber reads the primary",
       .stage = {.settings = {{"wal_level", "logical"}},
                 .thresholds = "slot_active.inactive = { warning = \"2s\", critical = \"4s\" }\n",
                 .third = Third::configured},
       .inject = use_slots_elsewhere,
       .shows = {{"pgrepl_slot_active", {{"node", kStandbyName}, {"slot_name", "feeds_a3"}}},
                 {"pgrepl_slot_inactive_seconds",
                  {{"node", kStandbyName}, {"slot_name", "left_over"}},
                  5},
                 {"pgrepl_slot_owner", {{"slot_name", "subscription"}, {"owner", "consumer"}}},
                 {"pgrepl_walsenders_by_kind", {{"node", kA1}, {"kind", "consumer"}}}},
       .quiet = true,
       .heal =
           [](Stage& stage) {
             stage.third().set("primary_slot_name", "");
             stage.third().reload();
             drop_unused(stage, "subscription");
           }},
  };
}

}  // namespace pgrepl::test
