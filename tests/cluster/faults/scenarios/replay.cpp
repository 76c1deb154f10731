// SPDX-License-Identifier: Apache-2.0
// WAL arrives at the standby and is not replayed.
#include <csignal>

#include "tests/cluster/faults/scenario.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

constexpr const char* kA2 = kStandbyName;
constexpr const char* kSoonAndByBytes =
    "replay_lag = { warning = \"2s\", critical = \"4s\" }\n"
    "replay_lag_bytes = { warning = \"32MB\", critical = \"1GB\" }\n";
constexpr const char* kSoon = "replay_lag = { warning = \"2s\", critical = \"4s\" }\n";

void write_something(Stage& stage) {
  stage.primary().sql().execute("create table if not exists missing as select 1");
}

/// The process that replays WAL.
pid_t startup_process(Stage& stage) {
  const auto pid = stage.standby().sql().value(
      "select pid from pg_stat_activity where backend_type = 'startup'");
  if (!pid) throw std::runtime_error("the standby replays nothing");
  return std::stoi(*pid);
}

/// A query on the standby reads a table that is dropped on the primary.
void block_replay(Stage& stage) {
  stage.primary().sql().execute("create table seen as select 1");
  const auto replayed = [&] {
    return stage.standby().sql().value("select to_regclass('seen') is not null") == "t";
  };
  if (!wait_until(replayed, kServerPatience)) throw std::runtime_error("not replayed");
  stage.keep(stage.standby().sql())
      .execute("begin isolation level repeatable read; select * from seen");
  stage.primary().sql().execute("set synchronous_commit = local; drop table seen");
}

}  // namespace

std::vector<Scenario> replay_faults() {
  return {
      {.name = "replay_paused",
       .story = "replay is paused on the standby, then something is written",
       .stage = {.thresholds = kSoonAndByBytes},
       .inject =
           [](Stage& stage) {
             stage.standby().sql().execute("select pg_wal_replay_pause()");
             stage.write_wal(3);
           },
       .must = {{"replay_lag", kA2, 2, "replay_paused"},
                {"replay_lag_bytes", kA2, 1, "replay_paused"}},
       .may = kNotReady,
       .words = {kA2, "behind", "paused"},
       .polls = 25,
       .heal =
           [](Stage& stage) { stage.standby().sql().execute("select pg_wal_replay_resume()"); }},
      {.name = "replay_blocked_by_query",
       .story = "a query on the standby holds up replay",
       .stage = {.settings = {{"max_standby_streaming_delay", "-1"}}, .thresholds = kSoon},
       .inject = block_replay,
       .must = {{"replay_lag", kA2, 2, "blocked_by_query"}},
       .may = kNotReady,
       .words = {kA2, "behind", "blocked by query"},
       .polls = 25,
       .heal = [](Stage&) {}},
      {.name = "replay_stands_still",
       .story = "the process that replays WAL hangs, as over a disk that does not answer",
       .stage = {.thresholds = kSoon},
       .inject =
           [](Stage& stage) {
             kill(startup_process(stage), SIGSTOP);
             stage.keep_writing();
           },
       .must = {{"replay_lag", kA2, 2, "slow_replay"}},
       .may = kNotReady,
       .words = {kA2, "behind", "replay"},
       .shows = {{"pgrepl_lag_bottleneck", {{"node", kA2}, {"bottleneck", "replay"}}},
                 {"pgrepl_lag_received_not_replayed_bytes", {{"node", kA2}}}},
       .polls = 25,
       .heal = [](Stage& stage) { kill(startup_process(stage), SIGCONT); }},
      {.name = "standby_fed_from_archive",
       .story = "the standby loses primary_conninfo and lives on the archive",
       .inject =
           [](Stage& stage) {
             stage.standby().set(
                 {{"primary_conninfo", ""},
                  {"restore_command", "cp " + stage.primary().archive().string() + "/%f %p"}});
             stage.standby().reload();
           },
       .must = {{"replication", kA2, 2, "archive_only"}, {"sync_state", kA2, 2, "no_standby"}},
       .may = kCutOff,
       .words = {"wallix-a2 does not stream from wallix-a1: it is fed from the archive"},
       .polls = 25,
       .heal =
           [](Stage& stage) {
             stage.standby().set({{"primary_conninfo", stage.upstream(kReplicatorPassword, kA2)},
                                  {"restore_command", ""}});
             stage.standby().reload();
           }},
      {.name = "lag_grows",
       .story = "replay is paused while something is written for minutes",
       .stage = {.thresholds = kSoon},
       .inject =
           [](Stage& stage) {
             stage.standby().sql().execute("select pg_wal_replay_pause()");
             stage.keep_writing();
           },
       .must = {{"lag_growth", kA2, 1, "replay_paused"}, {"replay_lag", kA2, 2, "replay_paused"}},
       .may = kNotReady,
       .words = {kA2, "behind", "paused"},
       .polls = 200,
       .heal = [](Stage& stage) { stage.standby().sql().execute("select pg_wal_replay_resume()"); },
       .patience = std::chrono::seconds(200)},
      {.name = "replay_delayed_on_purpose",
       .story = "recovery_min_apply_delay holds replay back; no fault",
       .stage = {.settings = {{"recovery_min_apply_delay", "6s"}}, .thresholds = kSoon},
       .inject = write_something,
       .quiet = true,
       .heal = [](Stage&) {}},
  };
}

}  // namespace pgrepl::test
