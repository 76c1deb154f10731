// SPDX-License-Identifier: Apache-2.0
// What becomes of the old primary after a failover: each way back is gone to its end.
#include <stdexcept>

#include "tests/cluster/faults/scenario.h"
#include "tests/cluster/faults/scenarios/rebuild.h"

namespace pgrepl::test {
namespace {

/// An orderly switchover, after which nobody tells the old primary whom to follow.
void come_back_without_upstream(Stage& stage) {
  stage.primary().stop();
  stage.pair().promote_standby();
  start_as_standby(stage.primary(), {{"synchronous_standby_names", ""}});
}

/// Both write after a promotion, and the old primary is started as a standby all the same.
void come_back_diverged(Stage& stage) {
  stage.pair().promote_standby();
  for (PostgresServer* node : {&stage.primary(), &stage.standby()})
    node->sql().execute("set synchronous_commit = local; create table own as select 1");
  stage.primary().stop();
  rejoin_as_standby(stage);
}

const std::vector<Verdict> kReceiverDown{{"replication", kPrimaryName, 2, "receiver_down"}};
/// All that may be said of a pair whose primary changes.  That the old one is missing, so that
/// commits of the new one are safe nowhere else and no slot is kept for it there, is true until it
/// is back.
Changes meanwhile() {
  return kBlindOnPrimary + kNotReady +
         Changes{"cluster_role", "sync_state@wallix-a1=CRITICAL", "settings@wallix-a2=WARNING"};
}

/// The same where nobody is primary for long.
Changes meanwhile_for_long() {
  return meanwhile() + Changes{"cluster_role=CRITICAL", "replication@wallix-a1=CRITICAL"};
}

/// Promotes the standby only when pgrepl itself has long missed a primary: after its hold of 15 s.
void promote_late(Stage& stage) {
  if (const auto missed = stage.watch().status_becomes("cluster_role", {}, 2); !missed)
    throw std::runtime_error(missed.message());
  stage.pair().promote_standby();
}

/// Waits until nothing but the time that it took is left of a failover.
void see_standby_back(Stage& stage) {
  for (const char* check : {"node_up", "replication", "timeline"}) {
    const auto back = stage.watch().status_becomes(check, kPrimary, 0);
    if (!back) throw std::runtime_error(back.message());
  }
}

constexpr const char* kImpatient = "failover_duration = { warning = \"5s\", critical = \"10s\" }\n";
/// Where commits wait until the old primary is rebuilt, which takes what the machine takes.
constexpr const char* kPatient =
    "failover_duration = { warning = \"10min\", critical = \"20min\" }\n";

Shown phase(const std::string& name, double above) {
  return {"pgrepl_failover_phase_seconds", {{"phase", name}}, above};
}

Shown way_back(const std::string& way) {
  return {"pgrepl_node_rejoin", {{"node", kPrimaryName}, {"way", way}}};
}

Shown kind(const std::string& name) { return {"pgrepl_failover_kind", {{"kind", name}}}; }

}  // namespace

std::vector<Scenario> rejoin_faults() {
  return {
      {.name = "failover_and_rejoin",
       .story = "the primary is stopped, the standby promoted; then the old primary rejoins",
       .inject =
           [](Stage& stage) {
             stage.primary().stop();
             stage.pair().promote_standby();
           },
       .must = {{"node_up", kPrimaryName, 2, "refused"},
                {"replication", kPrimaryName, 2, "old_primary"}},
       .may = meanwhile(),
       .words = {"wallix-a1 does not answer: connect: connection refused"},
       .shows = {kind("switchover"), phase("promoted", 0), phase("accepting_writes", 0)},
       .polls = 50,
       .heal = rejoin_as_standby},
      {.name = "slow_failover",
       .story = "the primary is killed, and the standby promoted 15 s later",
       .stage = {.thresholds = kImpatient},
       .inject =
           [](Stage& stage) {
             stage.primary().kill();
             promote_late(stage);
           },
       .must = {{"failover_duration", "", 2, "slow_promotion"},
                {"node_up", kPrimaryName, 2, "refused"}},
       .may = meanwhile_for_long(),
       .words = {"wallix-a1 does not answer: connect: connection refused"},
       .shows = {kind("crash"), phase("promoted", 10), phase("accepting_writes", 10)},
       .polls = 50,
       .heal = build_old_primary_anew,
       .stays = {{"failover_duration", "", 2, "slow_promotion"}}},
      {.name = "slow_switchover",
       .story = "the primary is stopped, the standby promoted 15 s later, the old primary rejoins",
       .stage = {.thresholds = kImpatient},
       .inject =
           [](Stage& stage) {
             stage.primary().stop();
             promote_late(stage);
             rejoin_as_standby(stage);
             see_standby_back(stage);
           },
       .must = {{"failover_duration", "", 2, "slow_switchover"}},
       .may = meanwhile_for_long() + Changes{"node_up@wallix-a1=CRITICAL"},
       .words = {"wallix-a2 took over from wallix-a1 in ",
                 "the old primary said that it was being stopped"},
       .shows = {kind("switchover"), phase("accepting_writes", 10), phase("standby_back", 10),
                 phase("sync_again", 10)},
       .polls = 57,
       .heal = [](Stage&) {},
       .stays = {{"failover_duration", "", 2, "slow_switchover"}}},
      {.name = "old_primary_without_upstream",
       .story = "after a switchover nobody tells the old primary whom to follow",
       .inject = come_back_without_upstream,
       .must = {{"replication", kPrimaryName, 2, "no_upstream"}},
       .may = meanwhile() + Changes{"replay_lag@wallix-a1=WARNING|CRITICAL"},
       .words = {kPrimaryName, "its primary_conninfo is empty", "can rejoin as it is"},
       .shows = {way_back("as_is"),
                 {"pgrepl_rejoin_blocker", with(kPrimary, "blocker", "no_slot")}},
       .polls = 30,
       .heal =
           [](Stage& stage) {
             stage.primary().stop();
             rejoin_as_standby(stage);
           }},
      {.name = "diverged_old_primary",
       .story = "after a split brain the old primary is started as a standby as it is",
       .stage = {.thresholds = kPatient},
       .inject = come_back_diverged,
       .must = {{"timeline", kPrimaryName, 2, "fork_base_backup"}, kReceiverDown.front()},
       .may = meanwhile(),
       .words = {kPrimaryName, "timeline 1", "the histories part at", "built anew"},
       .shows = {way_back("base_backup")},
       .polls = 45,
       .heal = build_old_primary_anew},
      {.name = "diverged_old_primary_with_hints",
       .story = "the same where wal_log_hints is on, so that pg_rewind can help",
       .stage = {.settings = {{"wal_log_hints", "on"}}, .thresholds = kPatient},
       .inject = come_back_diverged,
       .must = {{"timeline", kPrimaryName, 2, "fork_rewind"}, kReceiverDown.front()},
       .may = meanwhile(),
       .words = {kPrimaryName, "timeline 1", "the histories part at", "after pg_rewind"},
       .shows = {way_back("rewind")},
       .polls = 45,
       .heal = rewind_old_primary},
  };
}

}  // namespace pgrepl::test
