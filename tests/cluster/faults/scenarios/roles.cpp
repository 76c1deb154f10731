// SPDX-License-Identifier: Apache-2.0
// Who is primary, and of what.
#include "tests/cluster/faults/scenario.h"

namespace pgrepl::test {
namespace {

const std::vector<std::string> kOfStandbys{"replication", "sync_state", "replay_lag",
                                           "replay_lag_bytes"};

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
  };
}

}  // namespace pgrepl::test
