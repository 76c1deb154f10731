// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/scenario.h"

#include <algorithm>
#include <array>

namespace pgrepl::test {

const std::vector<std::string> kBlindOnStandby{
    "system_identifier@wallix-a2", "timeline@wallix-a2",         "upstream@wallix-a2",
    "replay_lag@wallix-a2",        "replay_lag_bytes@wallix-a2", "lag_growth@wallix-a2",
    "wal_directory@wallix-a2",     "settings@wallix-a2",         "failover_ready"};

const std::vector<std::string> kBlindOnPrimary{
    "system_identifier", "timeline",         "upstream",   "replication", "sync_state",
    "replay_lag",        "replay_lag_bytes", "lag_growth", "slot_active", "slot_retention",
    "slot_wal_status",   "wal_directory",    "archive",    "wal_senders", "settings",
    "commit_stall",      "failover_ready"};

const std::vector<std::string> kOfStandbys{
    "timeline",         "upstream",   "replication",  "sync_state",        "replay_lag",
    "replay_lag_bytes", "lag_growth", "commit_stall", "failover_duration", "failover_ready"};

std::vector<std::string> operator+(std::vector<std::string> some,
                                   const std::vector<std::string>& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

namespace {

using Subject = std::vector<Scenario> (*)();
constexpr std::array<Subject, 10> kSubjects{
    server_faults, access_faults, stream_faults, sync_faults,   replay_faults,
    slot_faults,   disk_faults,   role_faults,   rejoin_faults, quiet_times};

}  // namespace

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> kAll = [] {
    std::vector<Scenario> all;
    for (const Subject of_subject : kSubjects) {
      for (Scenario& one : of_subject()) all.push_back(std::move(one));
    }
    return all;
  }();
  return kAll;
}

std::vector<const Scenario*> first_of_each_subject() {
  std::vector<const Scenario*> firsts;
  for (const Subject of_subject : kSubjects) {
    const std::string name = of_subject().front().name;
    const auto first = std::ranges::find(scenarios(), name, &Scenario::name);
    if (!first->must.empty()) firsts.push_back(&*first);
  }
  return firsts;
}

}  // namespace pgrepl::test
