// SPDX-License-Identifier: Apache-2.0
// Who is primary, and of what.
#include <stdexcept>

#include "tests/cluster/faults/scenario.h"
#include "tests/cluster/faults/scenarios/rebuild.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

/// Waits until the exporter has seen the standby reply while that client streams from the primary,
/// too, so that it takes neither for the other.
void see_as_another_client(Stage& stage, const std::string& client) {
  const auto streams = [&] {
    return stage.primary().sql().value(
               "select state from pg_stat_replication where application_name = '" + client + "'") ==
           "streaming";
  };
  if (!wait_until(streams, kServerPatience)) throw std::runtime_error(client + " does not stream");
  const Labels standby{{"application_name", kStandbyName}};
  const std::string silent_for = "pgrepl_walsender_silent_seconds";
  const bool seen = stage.watch().becomes("pgrepl_walsenders", {{"application_name", client}}, 1) &&
                    stage.watch().exceeds(silent_for, standby, 0) &&
                    stage.watch().becomes(silent_for, standby, 0);
  if (!seen) throw std::runtime_error("the standby does not reply beside " + client);
}

}  // namespace

std::vector<Scenario> role_faults() {
  return {
      {.name = "split_brain",
       .story = "the standby is promoted while the primary lives",
       // until the old primary is rebuilt, which takes what the machine takes
       .stage = {.thresholds =
                     "failover_duration = { warning = \"10min\", critical = \"20min\" }\n"},
       .inject = [](Stage& stage) { stage.pair().promote_standby(); },
       .must = {{"cluster_role", "", 2, "two_primaries"}},
       .may =
           kWithoutPrimary + Changes{"settings@wallix-a2=WARNING"},  // it has no slot for a standby
       .words = {"wallix-a1 and wallix-a2 are both primary", "of system ",
                 "wallix-a1 on timeline 1 at 0/", "wallix-a2 on timeline 2 at 0/",
                 "nobody streams from them"},
       .polls = 6,
       .heal = build_old_primary_anew},
      {.name = "foreign_system",
       .story = "at the standby's address the standby of another cluster answers",
       .stage = {.gate_to_standby = true, .other = PairOptions{.is_another_system = true}},
       .inject = [](Stage& stage) { stage.to_standby().lead_to(stage.other().standby().port()); },
       .must = {{"system_identifier", kStandbyName, 2, "other_system"}},
       .may = kBlindOnPrimary,
       .words = {kStandbyName, "is of system", "but wallix-a1 is of"},
       .heal = [](Stage& stage) { stage.to_standby().lead_to(stage.standby().port()); }},
      {.name = "foreign_primary",
       .story = "at the standby's address the primary of another cluster answers",
       .stage = {.gate_to_standby = true, .other = PairOptions{.is_another_system = true}},
       .inject = [](Stage& stage) { stage.to_standby().lead_to(stage.other().primary().port()); },
       // Which of the two is the right one nobody can tell.
       .must = {{"cluster_role", "", 2, "unrelated_primaries"},
                {"system_identifier", kPrimaryName, 2, "unrelated_systems"},
                {"system_identifier", kStandbyName, 2, "unrelated_systems"}},
       .may = kBlindOnPrimary,
       .words = {"wallix-a1 and wallix-a2 are both primary, and no copies of each other"},
       .heal = [](Stage& stage) { stage.to_standby().lead_to(stage.standby().port()); }},
      {.name = "wrong_upstream",
       .story = "the standby follows a server that nobody has configured",
       .stage = {.third = Third::unknown},
       .inject =
           [](Stage& stage) {
             see_as_another_client(stage, kThirdName);
             stage.standby().set(
                 {{"primary_conninfo",
                   stage.upstream(kReplicatorPassword, kStandbyName, stage.third().port())},
                  {"primary_slot_name", ""}});
             stage.standby().reload();
           },
       .must = {{"upstream", kStandbyName, 2, "foreign"},
                {"replication", kStandbyName, 2, "no_walsender"}},
       .may = kNotReady + Changes{"sync_state@wallix-a2=CRITICAL"},
       .words = {kStandbyName, "none of the nodes that answer", "wallix-a1"},
       .polls = 75,
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
