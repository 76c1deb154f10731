// SPDX-License-Identifier: Apache-2.0
// The standby streams, and commits do not wait for it, or wait for ever.
#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

constexpr const char* kA2 = kStandbyName;

void name_synchronous(Stage& stage, const std::string& names) {
  stage.primary().set("synchronous_standby_names", names);
  stage.primary().reload();
}

void name_standby(Stage& stage) { name_synchronous(stage, '"' + std::string(kStandbyName) + '"'); }

void stream_as(Stage& stage, const std::string& application_name) {
  stage.standby().set("primary_conninfo", stage.upstream(kReplicatorPassword, application_name));
  stage.standby().reload();
}

}  // namespace

std::vector<Scenario> sync_faults() {
  return {
      {.name = "sync_emptied",
       .story = "synchronous_standby_names is emptied: silently asynchronous",
       .inject = [](Stage& stage) { name_synchronous(stage, ""); },
       .must = {{"sync_state", kA2, 2, "async"}},
       .may = kNotReady,
       .words = {"wallix-a2 is async, no commit waits for it"},
       .polls = 25,
       .heal = name_standby},
      {.name = "commits_blocked",
       .story = "synchronous_standby_names asks for a node that is not there: commits hang",
       .inject =
           [](Stage& stage) {
             name_synchronous(stage, "nobody");
             stage.keep(stage.primary().sql()).send("create table waits as select 1");
           },
       .must = {{"sync_state", kA2, 2, "application_name_mismatch"},
                {"commit_stall", kPrimaryName, 2, "wrong_name"}},
       .may = kNotReady,
       .words = {"commits on wallix-a1 wait for nobody, but wallix-a2 streams as wallix-a2"},
       .polls = 45,
       .heal = name_standby},
      {.name = "standby_would_block_commits",
       .story = "the standby's own synchronous_standby_names names itself",
       .inject =
           [](Stage& stage) {
             stage.standby().set("synchronous_standby_names", '"' + std::string(kA2) + '"');
             stage.standby().reload();
           },
       .must = {{"failover_ready", "", 1, "commits_would_hang"}},
       .words = {kA2, "would make commits hang"},
       .polls = 45,
       .heal =
           [](Stage& stage) {
             stage.standby().set("synchronous_standby_names", "");
             stage.standby().reload();
           }},
      {.name = "application_name_of_debian",
       .story = "the standby streams as 15/main, as the guide's own recipe makes it",
       .inject = [](Stage& stage) { stream_as(stage, "15/main"); },
       .must = {{"sync_state", kA2, 2, "application_name_mismatch"}},
       .may = kNotReady,
       .words = {"commits on wallix-a1 wait for wallix-a2, but wallix-a2 streams as 15/main"},
       .polls = 25,
       .heal = [](Stage& stage) { stream_as(stage, kStandbyName); }},
  };
}

}  // namespace pgrepl::test
