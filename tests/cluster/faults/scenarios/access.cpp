// SPDX-License-Identifier: Apache-2.0
// Servers that live, and do not let the monitor in or show it too little.
#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

using Kind = GateRule::Kind;

constexpr const char* kA1 = kPrimaryName;
constexpr const char* kA2 = kStandbyName;

constexpr const char* kReplicationRule = "host replication replicator 127.0.0.1/32 scram-sha-256\n";

void end_sessions_of_monitor(Stage& stage) {
  stage.primary().sql().execute(
      std::string("select pg_terminate_backend(pid) from pg_stat_activity where usename = '") +
      kMonitorRole + "'");
}

void set_monitor_password(Stage& stage, const std::string& password) {
  stage.primary().sql().execute("set synchronous_commit = local; alter role " +
                                std::string(kMonitorRole) + " password '" + password + "'");
}

void allow(Stage& stage, const std::string& rule) {
  stage.primary().write_hba(kReplicationRule + rule);
  stage.primary().reload();
}

/// Takes connections until none is left for an ordinary role.
void take_all_connections(Stage& stage) {
  const std::string conninfo =
      stage.primary().conninfo(kMonitorRole) + " password=" + kMonitorPassword;
  try {
    for (int i = 0; i < 100; ++i) stage.keep(Sql(conninfo));
  } catch (const std::runtime_error&) {  // that was the last one
  }
}

/// The exporter has a connection of its own: it is ended, and the place taken before it is back.
/// Our questions need a connection, too, and its place is free a moment later: it is taken in the
/// next round.
void exhaust(Stage& stage) {
  const std::string of_monitor = " from pg_stat_activity where usename = 'pgrepl_monitor'";
  for (int tries = 0; tries < 50; ++tries) {
    const std::size_t before = stage.sessions.size();
    take_all_connections(stage);
    const auto all = stage.primary().sql().value("select count(*)" + of_monitor);
    if (all != std::to_string(stage.sessions.size())) {
      stage.primary().sql().execute("select pg_terminate_backend(pid)" + of_monitor +
                                    " and application_name = 'pgrepl_exporter'");
    } else if (stage.sessions.size() == before) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("the exporter is always quicker");
}

}  // namespace

std::vector<Scenario> access_faults() {
  return {
      {.name = "monitor_password_wrong",
       .story = "the monitoring role's password is changed",
       .inject =
           [](Stage& stage) {
             set_monitor_password(stage, "changed");
             end_sessions_of_monitor(stage);
           },
       .must = {{"node_up", kA1, 2, "password"}},
       .may = kBlindOnPrimary + Changes{"cluster_role"},
       .words = {"wallix-a1 does not answer: connect: password authentication failed"},
       .heal = [](Stage& stage) { set_monitor_password(stage, kMonitorPassword); }},
      {.name = "monitor_rejected_by_hba",
       .story = "pg_hba.conf of the primary rejects the monitor",
       .inject =
           [](Stage& stage) {
             allow(stage, "host all all 127.0.0.1/32 reject\n");
             end_sessions_of_monitor(stage);
           },
       .must = {{"node_up", kA1, 2, "hba_rejected"}},
       .may = kBlindOnPrimary + Changes{"cluster_role"},
       .words = {"wallix-a1 does not answer: connect: pg_hba.conf rejects connection"},
       .heal = [](Stage& stage) { allow(stage, "host all all 127.0.0.1/32 scram-sha-256\n"); }},
      {.name = "monitor_without_rights",
       .story = "pg_monitor is revoked from the monitoring role",
       .inject =
           [](Stage& stage) {
             stage.primary().sql().execute("revoke pg_monitor from pgrepl_monitor");
           },
       .must = {{"node_up", kA1, 1, "no_pg_monitor"}, {"node_up", kA2, 1, "no_pg_monitor"}},
       .may = kBlindOnPrimary,
       .words = {"wallix-a1 answers, but the monitoring role lacks pg_monitor",
                 "wallix-a2 answers, but the monitoring role lacks pg_monitor"},
       .heal =
           [](Stage& stage) {
             stage.primary().sql().execute(
                 "set synchronous_commit = local; grant pg_monitor to pgrepl_monitor");
           }},
      {.name = "connections_exhausted",
       .story = "other sessions take every connection of the primary",
       .inject = exhaust,
       .must = {{"node_up", kA1, 2, "too_many_connections"}},
       .may = kBlindOnPrimary + Changes{"cluster_role"},
       .words = {"wallix-a1 does not answer: connect: remaining connection slots are reserved"},
       .polls = 12,
       .heal = [](Stage&) {}},
      {.name = "standby_cut_off_from_monitor",
       .story = "nothing passes between the monitor and the standby, the pair itself is fine",
       .stage = {.gate_to_standby = true},
       .inject = [](Stage& stage) { stage.to_standby().set({.kind = Kind::black_hole}); },
       .must = {{"node_up", kA2, 2, "timeout"}},
       .may = kBlindOnStandby + Changes{"replication@wallix-a2"},
       .words = {"wallix-a2 does not answer: connect: no answer within"},
       .heal = [](Stage& stage) { stage.to_standby().set({}); }},
      {.name = "primary_cut_off_from_monitor",
       .story = "nothing passes between the monitor and the primary, the pair itself is fine",
       .stage = {.gate_to_primary = true},
       .inject = [](Stage& stage) { stage.to_primary().set({.kind = Kind::black_hole}); },
       .must = {{"node_up", kA1, 2, "timeout"}},
       .may = kBlindOnPrimary + Changes{"cluster_role"},
       .words = {"wallix-a1 does not answer: connect: no answer within"},
       .heal = [](Stage& stage) { stage.to_primary().set({}); }},
      {.name = "slow_link_to_monitor",
       .story = "each piece of the standby's answers takes 100 ms longer",
       .stage = {.gate_to_standby = true},
       .inject =
           [](Stage& stage) {
             stage.to_standby().set({.kind = Kind::delay, .pause = std::chrono::milliseconds(100)});
           },
       .quiet = true,
       .heal = [](Stage& stage) { stage.to_standby().set({}); }},
  };
}

}  // namespace pgrepl::test
