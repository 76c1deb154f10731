// SPDX-License-Identifier: Apache-2.0
// Both servers answer, and nothing streams between them.
#include <stdexcept>

#include "tests/cluster/faults/scenario.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using Kind = GateRule::Kind;
using std::chrono::milliseconds;

constexpr const char* kA1 = kPrimaryName;
constexpr const char* kA2 = kStandbyName;

const std::vector<Verdict> kReceiverDown{{"replication", kA2, 2, "receiver_down"},
                                         {"sync_state", kA2, 2, "no_standby"}};

/// Short time-outs of replication, so that a cut shows in seconds.
const Settings kQuick{{"wal_sender_timeout", "3s"}, {"wal_receiver_timeout", "3s"}};

void end_streams(Stage& stage) {
  stage.primary().sql().execute("select pg_terminate_backend(pid, 5000) from pg_stat_replication");
}

void set_replicator_password(Stage& stage, const std::string& password) {
  stage.primary().sql().execute("set synchronous_commit = local; alter role replicator password '" +
                                password + "'");
}

void allow_replication(Stage& stage, const std::string& method) {
  stage.primary().write_hba("host replication replicator 127.0.0.1/32 " + method +
                            "\nhost all all 127.0.0.1/32 scram-sha-256\n");
  stage.primary().reload();
}

/// The standby finds the last of them taken when it comes back.
void take_all_walsenders(Stage& stage) {
  stage.standby().stop();
  for (int i = 0; i < 5; ++i) stage.keep_receiving_wal();
  const auto all_taken = [&] {
    return stage.primary().sql().value("select count(*) from pg_stat_replication") == "5";
  };
  if (!wait_until(all_taken, kServerPatience)) throw std::runtime_error("a walsender is left");
  stage.standby().start();
}

/// Its flushes wait as those of a disk that is busy.
void slow_down_disk(Stage& stage) {
  const auto library = stage.pair().directory() / "slow_sync.so";
  std::filesystem::copy_file(PGREPL_SLOW_SYNC, library);
  std::filesystem::permissions(library, std::filesystem::perms{0755});
  stage.standby().set("fsync", "on");
  stage.standby().set_environment(
      {{"LD_PRELOAD", library.string()}, {"PGREPL_SYNC_MILLISECONDS", "6000"}});
  stage.standby().restart();
  stage.pair().wait_until_sync();
}

}  // namespace

std::vector<Scenario> stream_faults() {
  return {
      {.name = "stream_cut",
       .story = "nothing passes between standby and primary, the monitor reaches both",
       .stage = {.settings = kQuick, .gate_in_stream = true},
       .inject = [](Stage& stage) { stage.stream().set({.kind = Kind::black_hole}); },
       .must = kReceiverDown,
       .may = kCutOff,
       .words = {kA2, "does not stream", "its WAL receiver is not running", "doctor tells why"},
       .doctor = {"standby_side on wallix-a2"},
       .polls = 30,
       .heal = [](Stage& stage) { stage.stream().set({}); }},
      {.name = "stream_refused",
       .story = "the standby's connections to the primary are reset: its port is closed",
       .stage = {.gate_in_stream = true},
       .inject = [](Stage& stage) { stage.stream().set({.kind = Kind::reset}); },
       .must = kReceiverDown,
       .may = kCutOff,
       .words = {kA2, "does not stream", "its WAL receiver is not running", "doctor tells why"},
       .doctor = {"standby_side on wallix-a2"},
       .polls = 25,
       .heal = [](Stage& stage) { stage.stream().set({}); }},
      {.name = "standby_disk_too_slow",
       .story = "the standby's disk takes 6 s to flush while something is written",
       .stage = {.thresholds = "replay_lag = { warning = \"2s\", critical = \"4s\" }\n"},
       .inject =
           [](Stage& stage) {
             slow_down_disk(stage);
             stage.keep_writing();
           },
       .must = {{"replay_lag", kA2, 2, "standby_disk"}},
       .may = kNotReady + Changes{"node_up@wallix-a2=CRITICAL"} + kBlindOnStandby,
       .words = {kA2, "behind", "the disk of the standby is slow"},
       .shows = {{"pgrepl_lag_bottleneck", {{"node", kA2}, {"bottleneck", "standby_disk"}}},
                 {"pgrepl_lag_not_flushed_bytes", {{"node", kA2}}, 1 << 18}},
       .polls = 40,
       .heal =
           [](Stage& stage) {
             stage.standby().set_environment({});
             stage.standby().restart();
           }},
      {.name = "stream_too_slow",
       .story = "96 MB of WAL have to pass a network of 0.8 MB/s",
       .stage = {.thresholds = "replay_lag = { warning = \"2s\", critical = \"4s\" }\n",
                 .gate_in_stream = true},
       .inject =
           [](Stage& stage) {
             stage.stream().set(
                 {.kind = Kind::throttle, .pause = milliseconds(20), .bytes = 16384});
             stage.write_wal(6);
           },
       .must = {{"replay_lag", kA2, 2, "network"}},
       .may = kNotReady,
       .words = {kA2, "behind", "network"},
       .shows = {{"pgrepl_lag_bottleneck", {{"node", kA2}, {"bottleneck", "network"}}},
                 {"pgrepl_lag_not_sent_bytes", {{"node", kA2}}},
                 {"pgrepl_data_loss_bytes", {{"node", kA2}}, 1 << 20},
                 {"pgrepl_data_loss_seconds", {{"node", kA2}}},
                 {"pgrepl_lag_trend", {{"node", kA2}, {"trend", "shrinking"}}},
                 {"pgrepl_catch_up_seconds", {{"node", kA2}}, 1}},
       .polls = 25,
       .heal = [](Stage& stage) { stage.stream().set({}); },
       .patience = std::chrono::seconds(180)},
      {.name = "receiver_password_wrong",
       .story = "the replication role's password is changed, both servers are up",
       .inject =
           [](Stage& stage) {
             set_replicator_password(stage, "changed");
             end_streams(stage);
           },
       .must = kReceiverDown,
       .may = kCutOff,
       .words = {kA2, "does not stream", "its WAL receiver is not running", "doctor tells why"},
       .doctor = {"password on wallix-a1"},
       .polls = 25,
       .heal = [](Stage& stage) { set_replicator_password(stage, kReplicatorPassword); }},
      {.name = "receiver_rejected_by_hba",
       .story = "pg_hba.conf of the primary rejects the standby",
       .inject =
           [](Stage& stage) {
             allow_replication(stage, "reject");
             end_streams(stage);
           },
       .must = kReceiverDown,
       .may = kCutOff,
       .words = {kA2, "does not stream", "its WAL receiver is not running", "doctor tells why"},
       .doctor = {"hba on wallix-a1"},
       .polls = 25,
       .heal = [](Stage& stage) { allow_replication(stage, "scram-sha-256"); }},
      {.name = "slot_of_standby_dropped",
       .story = "the standby's slot is dropped",
       .inject =
           [](Stage& stage) {
             allow_replication(stage, "reject");  // or else it takes the slot again at once
             end_streams(stage);
             stage.primary().sql().execute(std::string("select pg_drop_replication_slot('") +
                                           kSlotName + "')");
             allow_replication(stage, "scram-sha-256");
           },
       .must = {{"replication", kA2, 2, "slot_missing"},
                {"sync_state", kA2, 2, "no_standby"},
                {"settings", kA1, 1, "little_wal_kept"}},
       .may = kCutOff,
       .words = {"wallix-a2 does not stream from wallix-a1: wallix-a1 has no slot wallix_a2_slot, "
                 "which its primary_slot_name names"},
       .polls = 25,
       .heal =
           [](Stage& stage) {
             stage.primary().sql().execute(
                 std::string("select pg_create_physical_replication_slot('") + kSlotName +
                 "', true)");
           }},
      {.name = "walsenders_used_up",
       .story = "pg_receivewal runs four times: no walsender is left",
       .inject =
           [](Stage& stage) {
             for (int i = 0; i < 4; ++i) stage.keep_receiving_wal();
           },
       .must = {{"wal_senders", kA1, 2, "senders_used_up"}},
       .words = {"walsenders of wallix-a1", "pg_receivewal"},
       .polls = 25,
       .heal = [](Stage&) {}},
      {.name = "no_walsender_for_standby",
       .story = "while the standby is away pg_receivewal takes its walsender, too",
       .inject = take_all_walsenders,
       .must = {{"wal_senders", kA1, 2, "senders_used_up"},
                {"replication", kA2, 2, "no_walsender_free"},
                {"sync_state", kA2, 2, "no_standby"}},
       .may = kBlindOnStandby + kCutOff + Changes{"node_up@wallix-a2=CRITICAL"},
       .words = {"0 of 5 walsenders of wallix-a1 are free", "pg_receivewal", "that follow"},
       .polls = 50,
       .heal = [](Stage&) {}},
  };
}

}  // namespace pgrepl::test
