// SPDX-License-Identifier: Apache-2.0
// Servers that are stopped, killed, frozen or started again.
#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

constexpr const char* kA1 = kPrimaryName;
constexpr const char* kA2 = kStandbyName;

const std::vector<Verdict> kStandbyGone{{"node_up", kA2, 2, "refused"},
                                        {"replication", kA2, 2, "standby_unreachable"},
                                        {"sync_state", kA2, 2, "no_standby"}};

void start_both(Stage& stage) {
  stage.primary().start();
  stage.standby().start();
}

}  // namespace

std::vector<Scenario> server_faults() {
  return {
      {.name = "standby_stopped",
       .story = "the standby is shut down",
       .inject = [](Stage& stage) { stage.standby().stop(); },
       .must = kStandbyGone,
       .may = kBlindOnStandby,
       .words = {"wallix-a2 does not answer: connect: connection refused"},
       .polls = 20,
       .heal = [](Stage& stage) { stage.standby().start(); }},
      {.name = "standby_killed",
       .story = "every process of the standby is killed",
       .inject = [](Stage& stage) { stage.standby().kill(); },
       .must = kStandbyGone,
       .may = kBlindOnStandby,
       .words = {"wallix-a2 does not answer: connect: connection refused"},
       .polls = 20,
       .heal = [](Stage& stage) { stage.standby().start(); }},
      {.name = "standby_frozen",
       .story = "every process of the standby stands still, sockets stay open",
       .inject = [](Stage& stage) { stage.standby().pause(); },
       .must = {{"node_up", kA2, 2, "timeout"}, {"replication", kA2, 3, ""}},
       .may = kBlindOnStandby,
       .words = {"wallix-a2 does not answer: connect: no answer within"},
       .polls = 4,
       .heal = [](Stage& stage) { stage.standby().resume(); }},
      {.name = "standby_recovers_for_long",
       .story = "the standby waits for an archive that hangs, before it lets anybody in",
       .inject =
           [](Stage& stage) {
             stage.standby().kill();
             stage.standby().set("restore_command", "sleep 600");
             stage.standby().start_without_waiting();
           },
       .must = {{"node_up", kA2, 1, "starting_up"},
                {"replication", kA2, 2, "standby_unreachable"},
                {"sync_state", kA2, 2, "no_standby"}},
       .may = kBlindOnStandby,
       .words = {"wallix-a2 does not answer: connect: the database system is starting up"},
       .polls = 20,
       .heal =
           [](Stage& stage) {
             stage.standby().kill();
             stage.standby().set("restore_command", "");
             stage.standby().start();
           }},
      {.name = "primary_killed",
       .story = "every process of the primary is killed",
       .inject = [](Stage& stage) { stage.primary().kill(); },
       .must = {{"node_up", kA1, 2, "refused"}, {"cluster_role", "", 2, "no_primary"}},
       // What the primary wrote at last nobody knows: the standby may lack it, which warns.
       .may = kBlindOnPrimary + Changes{"replay_lag@wallix-a2=WARNING"},
       .words = {"wallix-a1 does not answer: connect: connection refused"},
       .polls = 20,
       .heal = [](Stage& stage) { stage.primary().start(); }},
      {.name = "primary_frozen",
       .story = "every process of the primary stands still, sockets stay open",
       .inject = [](Stage& stage) { stage.primary().pause(); },
       .must = {{"node_up", kA1, 2, "timeout"}},
       .may = kBlindOnPrimary + Changes{"cluster_role"},
       .words = {"wallix-a1 does not answer: connect: no answer within"},
       .polls = 4,
       .heal = [](Stage& stage) { stage.primary().resume(); }},
      {.name = "both_killed",
       .story = "both servers are killed",
       .inject =
           [](Stage& stage) {
             stage.primary().kill();
             stage.standby().kill();
           },
       .must = {{"node_up", kA1, 2, "refused"},
                {"node_up", kA2, 2, "refused"},
                {"cluster_role", "", 3, ""}},
       .may = kBlindOnPrimary,
       .words = {"wallix-a1 does not answer: connect: connection refused",
                 "wallix-a2 does not answer: connect: connection refused"},
       .polls = 4,
       .heal = start_both},
  };
}

}  // namespace pgrepl::test
