// SPDX-License-Identifier: Apache-2.0
// Who is primary, and of what.
#include "tests/cluster/faults/scenario.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {
namespace {

const std::vector<std::string> kOfStandbys{"replication",      "sync_state", "replay_lag",
                                           "replay_lag_bytes", "lag_growth", "commit_stall",
                                           "failover_duration"};

/// The old primary comes back as the standby of the new one, as a switchover leaves it.
void rejoin_as_standby(Stage& stage) {
  PostgresServer& now_primary = stage.standby();
  PostgresServer& now_standby = stage.primary();
  now_primary.sql().execute("select pg_create_physical_replication_slot('wallix_a1_slot', true)");
  now_standby.set(
      {{"primary_conninfo", stage.upstream(kReplicatorPassword, kPrimaryName, now_primary.port())},
       {"primary_slot_name", "wallix_a1_slot"},
       {"synchronous_standby_names", ""}});
  write_file(now_standby.data() / "standby.signal", "");
  give_to_server_user(now_standby.data() / "standby.signal");
  now_standby.start();
  now_primary.set("synchronous_standby_names", '"' + std::string(kPrimaryName) + '"');
  now_primary.reload();
}

/// Both write after a promotion, and the old primary is started as a standby all the same.
void come_back_diverged(Stage& stage) {
  stage.pair().promote_standby();
  for (PostgresServer* node : {&stage.primary(), &stage.standby()})
    node->sql().execute("set synchronous_commit = local; create table own as select 1");
  stage.primary().stop();
  rejoin_as_standby(stage);
}

}  // namespace

std::vector<Scenario> role_faults() {
  return {
      {.name = "split_brain",
       .story = "the standby is promoted while the primary lives",
       .inject = [](Stage& stage) { stage.pair().promote_standby(); },
       .must = {{"cluster_role", "", 2, "two_primaries"}},
       .may = kOfStandbys,
       .words = {"both primary", "wallix-a1", "wallix-a2"},
       .polls = 3},
      {.name = "failover_and_rejoin",
       .story = "the primary is stopped, the standby promoted; then the old primary rejoins",
       .inject =
           [](Stage& stage) {
             stage.primary().stop();
             stage.pair().promote_standby();
           },
       .must = {{"node_up", kPrimaryName, 2, "refused"},
                {"replication", kPrimaryName, 2, "standby_unreachable"}},
       .may = kOfStandbys + kBlindOnPrimary + std::vector<std::string>{"cluster_role"},
       .words = {kPrimaryName, "does not answer"},
       .polls = 25,
       .heal = rejoin_as_standby},
      {.name = "diverged_old_primary",
       .story = "after a split brain the old primary is started as a standby as it is",
       .inject = come_back_diverged,
       .must = {{"replication", kPrimaryName, 2, "receiver_down"}},
       .may = kOfStandbys + kBlindOnPrimary + std::vector<std::string>{"cluster_role", "node_up"},
       .words = {kPrimaryName},
       .polls = 45},
      {.name = "wrong_upstream",
       .story = "the standby follows a server that nobody has configured",
       .stage = {.third = Third::unknown},
       .inject =
           [](Stage& stage) {
             stage.third().set("primary_conninfo", stage.upstream(kReplicatorPassword, kThirdName));
             stage.third().reload();
             stage.standby().set(
                 {{"primary_conninfo",
                   stage.upstream(kReplicatorPassword, kStandbyName, stage.third().port())},
                  {"primary_slot_name", ""}});
             stage.standby().reload();
           },
       .must = {{"replication", kStandbyName, 2, "no_walsender"}},
       .may = {"sync_state"},
       .words = {kStandbyName, "wallix-a1"},
       .polls = 25,
       .heal =
           [](Stage& stage) {
             stage.standby().set(
                 {{"primary_conninfo", stage.upstream(kReplicatorPassword, kStandbyName)},
                  {"primary_slot_name", kSlotName}});
             stage.standby().reload();
           }},
  };
}

}  // namespace pgrepl::test
