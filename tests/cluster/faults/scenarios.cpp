// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/scenario.h"

#include <array>

namespace pgrepl::test {

Changes operator+(Changes some, const Changes& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

const Changes kBlindOnStandby{
    "system_identifier@wallix-a2", "timeline@wallix-a2",         "upstream@wallix-a2",
    "replay_lag@wallix-a2",        "replay_lag_bytes@wallix-a2", "lag_growth@wallix-a2",
    "wal_directory@wallix-a2",     "settings@wallix-a2",         "failover_ready=WARNING"};

const Changes kBlindOnPrimary{
    "system_identifier", "timeline",         "upstream",   "replication", "sync_state",
    "replay_lag",        "replay_lag_bytes", "lag_growth", "slot_active", "slot_retention",
    "slot_wal_status",   "wal_directory",    "archive",    "wal_senders", "settings",
    "commit_stall",      "failover_ready"};

const Changes kNotReady{"failover_ready=WARNING"};

const Changes kCutOff = kNotReady + Changes{"replay_lag@wallix-a2=WARNING|CRITICAL"};

const Changes kWithoutPrimary{"timeline",   "upstream",         "replication", "sync_state",
                              "replay_lag", "replay_lag_bytes", "lag_growth",  "failover_ready"};

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

}  // namespace pgrepl::test
