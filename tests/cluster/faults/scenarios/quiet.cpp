// SPDX-License-Identifier: Apache-2.0
// Times in which nobody must be woken.
#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

using std::chrono::seconds;

}  // namespace

std::vector<Scenario> quiet_times() {
  return {
      {.name = "idle_primary",
       .story = "nothing is written for two minutes",
       .inject = [](Stage&) {},
       .watch = seconds(120)},
      {.name = "standby_restarted_quickly",
       .story = "the standby is restarted: no page",
       .inject = [](Stage& stage) { stage.standby().restart(); },
       .watch = seconds(20)},
      {.name = "base_backup_and_receivewal",
       .story = "pg_basebackup and pg_receivewal run beside the standby",
       .stage = {.settings = {{"max_wal_senders", "10"}}},
       .inject =
           [](Stage& stage) {
             stage.keep_receiving_wal();
             stage.keep_taking_base_backup();
           },
       .heal = [](Stage&) {},
       .watch = seconds(20)},
  };
}

}  // namespace pgrepl::test
