// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

Reading async_reading(const CheckFacts& facts, std::size_t i, const NodeSnapshot& standby) {
  const NodeState& primary = *primary_state(facts);
  const auto& match = facts.analysis.nodes[i].walsender;
  if (!match) {
    return {.node = standby.name,
            .object = "",
            .cause = "no_standby",
            .summary = "no synchronous standby: " + standby.name + " is not connected"};
  }
  const StatReplicationRow& row = primary.wal_senders[match->row];
  if (!row.sync_state) {
    return unknown(standby.name, "the monitoring role lacks pg_monitor on the primary");
  }
  if (match->by != MatchedBy::application_name) {
    return {.node = standby.name,
            .object = "",
            .cause = "application_name_mismatch",
            .summary = standby.name + " calls itself " + row.application_name +
                       ", so that it is not the synchronous standby that is named",
            .names = {{"application_name", row.application_name}}};
  }
  return {.node = standby.name,
          .object = "",
          .cause = "async",
          .summary = standby.name + " is " + *row.sync_state + ", no commit waits for it"};
}

/// Says "not applicable" of every node.
Readings nothing_expected(const CheckFacts& facts) {
  Readings readings;
  for (const NodeObservation& node : facts.snapshot.nodes) {
    readings.absent.push_back(
        {.node = node.postgres.name, .reason = "no synchronous standby is expected"});
  }
  return readings;
}

/// Why nothing can be said: no one primary, or it hides what it demands or who is connected.
std::optional<std::string> no_demand_or_walsenders_seen(const CheckFacts& facts) {
  if (const auto reason = no_walsenders_seen(facts)) return reason;
  if (facts.analysis.sync_required) return std::nullopt;
  return "synchronous_standby_names of the primary could not be read";
}

Readings read_sync_state(const CheckFacts& facts) {
  if (facts.analysis.sync_required == false) return nothing_expected(facts);
  Readings readings;
  const auto nobody = no_demand_or_walsenders_seen(facts);
  const NodeState* primary = primary_state(facts);
  const bool fulfilled =
      primary != nullptr &&
      std::ranges::any_of(primary->wal_senders, &StatReplicationRow::is_synchronous);
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& standby) {
    if (nobody) {
      readings.found.push_back(unknown(standby.name, *nobody));
    } else if (fulfilled) {
      readings.found.push_back({.node = standby.name,
                                .object = "",
                                .summary = "commits wait for a synchronous standby"});
    } else {
      readings.found.push_back(async_reading(facts, i, standby));
    }
  });
  for_primaries(facts, readings);
  return readings;
}

constexpr CauseRow kCauses[] = {
    {.id = "async",
     .state = State::critical,
     .says = "The standby is connected, but no commit waits for it: a crash now loses data.",
     .fix = "psql -c 'SHOW synchronous_standby_names'   # on {primary}\n"
            "ALTER SYSTEM SET synchronous_standby_names = '\"{node}\"'; SELECT pg_reload_conf();   "
            "-- on {primary}; under Pacemaker the agent writes it: see crm_mon -A1"},
    {.id = "no_standby",
     .state = State::critical,
     .says = "No standby is connected that commits could wait for: they hang, or are not safe.",
     .fix = "bring {node} back: see checks node_up and replication\n"
            "psql -c \"SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'\"   # on "
            "{primary}: commits that hang"},
    {.id = "application_name_mismatch",
     .state = State::critical,
     .says = "The standby streams under another name than synchronous_standby_names asks for.",
     .fix = "put application_name={node} into primary_conninfo on {node}, in postgresql.auto.conf "
            "where pg_basebackup -R wrote it\n"
            "psql -c 'SELECT pg_reload_conf()'   # on {node}"},
};

}  // namespace

constexpr CheckRow kSyncState{.id = "sync_state",
                              .title = "A synchronous standby is there where one is required",
                              .question = "Is every commit on two machines?",
                              .topic = Topic::replication,
                              .hold = {.seconds = 15, .polls = 1},
                              .causes = kCauses,
                              .source = "guide: lag increasing, synchronous_commit",
                              .read = read_sync_state};

static_assert(row_rules::is_sound(kSyncState));

}  // namespace pgrepl::catalogue
