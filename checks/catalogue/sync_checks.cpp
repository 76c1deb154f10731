// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "checks/base/text.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// What the readings of one primary's standbys have in common.
struct Demand {
  const CheckFacts& facts;
  const std::string& primary;
  const std::vector<StatReplicationRow>& rows;
  const PrimarySync& sync;

  const StatReplicationRow* row_of(std::size_t standby) const {
    const auto& match = facts.analysis.nodes[standby].walsender;
    const bool is_ours = match && match->node == facts.analysis.primary();
    return is_ours ? &rows[match->row] : nullptr;
  }
  const NodeSnapshot& primary_node() const {
    return facts.snapshot.nodes[*facts.analysis.primary()].postgres;
  }
  bool demands_nobody() const { return !sync.demand || sync.demand->count == 0; }
  bool names(std::string_view name) const {
    return sync.demand && names_standby(*sync.demand, name);
  }
  /// By its node's name, or by the one that it streams under.
  bool names_node(std::size_t node) const {
    const StatReplicationRow* row = row_of(node);
    return names(facts.snapshot.nodes[node].postgres.name) || (row && names(row->application_name));
  }
  /// Whether a standby is at fault when nobody confirms commits: each one if none is named.
  bool expects(std::size_t standby) const {
    if (demands_nobody() || names_node(standby)) return true;
    bool others = false;
    each_standby(facts,
                 [&](std::size_t i, const NodeSnapshot&) { others = others || names_node(i); });
    return !others;
  }
  /// Whether commits lack none of the configured standbys but one more.
  bool lacks_a_stranger() const {
    bool all_there = true;
    each_standby(facts, [&](std::size_t i, const NodeSnapshot&) {
      const StatReplicationRow* row = row_of(i);
      if (expects(i)) all_there = all_there && row && row->is_synchronous();
    });
    return all_there;
  }
  std::string demanded() const {
    return sync.demand ? join(sync.demand->names, " or ") : std::string{"a synchronous standby"};
  }
};

std::string counted_on(const PrimarySync& sync) {
  const std::string names = join(*sync.counted_on, " and ");
  if (!sync.demand || sync.demand->method == SyncMethod::priority) return names;
  return "any " + std::to_string(sync.demand->count) + " of " + names;
}

/// "no synchronous standby", or "1 of 2 synchronous standbys".
std::string shortage(const PrimarySync& sync) {
  if (sync.counted_on->empty()) return "no synchronous standby";
  return std::to_string(sync.counted_on->size()) + " of " +
         std::to_string(sync.required().value_or(1)) + " synchronous standbys";
}

Reading finding(const NodeSnapshot& standby, std::string_view cause, std::string summary) {
  return {.node = standby.name, .object = "", .cause = cause, .summary = std::move(summary)};
}

Reading not_connected(const Demand& demand, const NodeSnapshot& standby) {
  const std::string what_then = demand.demands_nobody()
                                    ? "what " + demand.primary + " commits is on it alone"
                                    : "commits on " + demand.primary + " wait";
  return finding(standby, "no_standby",
                 shortage(demand.sync) + ": " + standby.name + " is not connected, " + what_then);
}

Reading mismatch(const Demand& demand, const NodeSnapshot& standby, const std::string& other) {
  Reading reading = finding(standby, "application_name_mismatch",
                            "commits on " + demand.primary + " wait for " + demand.demanded() +
                                ", but " + standby.name + " streams as " + other);
  reading.names = {{"application_name", other}};
  return reading;
}

/// A standby that is connected although commits have too few to wait for.
Reading not_counted_on(const Demand& demand, const NodeSnapshot& standby,
                       const StatReplicationRow& row) {
  const std::string& state = *row.sync_state;
  if (demand.demands_nobody()) {
    return finding(standby, "async",
                   standby.name + " is " + state + ", no commit waits for it: " + demand.primary +
                       " demands none");
  }
  if (!demand.names(row.application_name)) {
    return mismatch(demand, standby, row.application_name);
  }
  if (row.state != "streaming") {
    return finding(standby, "catching_up",
                   standby.name + " still catches up, commits on " + demand.primary + " wait");
  }
  return finding(standby, "async", standby.name + " is " + state + ", no commit waits for it");
}

Reading unsafe(const Demand& demand, std::size_t i, const NodeSnapshot& standby) {
  const StatReplicationRow* row = demand.row_of(i);
  if (!demand.expects(i)) {
    return finding(
        standby, "none",
        "commits on " + demand.primary + " do not wait for " + standby.name + ", as is configured");
  }
  if (row == nullptr) return not_connected(demand, standby);
  if (!row->sync_state) return unknown(standby.name, lacks_pg_monitor(demand.primary_node()));
  if (!row->is_synchronous()) return not_counted_on(demand, standby, *row);
  if (demand.lacks_a_stranger()) {
    return finding(standby, "too_few",
                   shortage(demand.sync) + ": commits on " + demand.primary + " wait for " +
                       demand.demanded());
  }
  return finding(standby, "none", standby.name + " confirms commits, others do not");
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
std::optional<Because> no_demand_or_walsenders_seen(const CheckFacts& facts) {
  if (const auto reason = no_walsenders_seen(facts)) return reason;
  if (facts.analysis.sync_required) return std::nullopt;
  const std::string what = "synchronous_standby_names of the primary could not be read";
  const NodeState* server = primary_state(facts);
  const bool is_told = server != nullptr && server->missing.server;
  return Because{is_told ? what + ": " + server->missing.server->message : what};
}

Readings read_sync_state(const CheckFacts& facts) {
  if (facts.analysis.sync_required == false) return nothing_expected(facts);
  Readings readings;
  const auto nobody = no_demand_or_walsenders_seen(facts);
  const auto primary = facts.analysis.primary();
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& standby) {
    if (nobody || !primary) {
      readings.found.push_back(unknown(standby.name, nobody.value_or("no node is primary")));
      return;
    }
    const NodeSnapshot& server = facts.snapshot.nodes[*primary].postgres;
    const Demand demand{facts, server.name, server.state->wal_senders,
                        *facts.analysis.nodes[*primary].sync};
    if (!demand.sync.counted_on) {
      readings.found.push_back(unknown(standby.name, lacks_pg_monitor(server)));
    } else if (*demand.sync.is_safe()) {
      const std::string silence = standby.up() ? "" : ", though " + unreachable(standby).text;
      readings.found.push_back(
          finding(standby, "none",
                  "commits on " + server.name + " wait for " + counted_on(demand.sync) + silence));
    } else {
      readings.found.push_back(unsafe(demand, i, standby));
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
     .fix = "bring {node} back: see checks node_up, replication and commit_stall\n"
            "psql -c \"SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'\"   # on "
            "{primary}: commits that hang"},
    {.id = "application_name_mismatch",
     .state = State::critical,
     .says = "The standby streams under another name than synchronous_standby_names asks for.",
     .fix = "put application_name={node} into primary_conninfo on {node}, in postgresql.auto.conf "
            "where pg_basebackup -R wrote it: it calls itself {application_name}\n"
            "psql -c 'SELECT pg_reload_conf()'   # on {node}\n"
            "psql -c 'SHOW synchronous_standby_names'   # on {primary}: it must name {node}, in "
            "double quotes if there is a hyphen in it"},
    {.id = "catching_up",
     .state = State::critical,
     .says = "The standby that commits wait for still reads old WAL, and confirms none until then.",
     .fix = "psql -c 'SELECT application_name, state, pg_wal_lsn_diff(pg_current_wal_lsn(), "
            "sent_lsn) FROM pg_stat_replication'   # on {primary}: the figure must shrink\n"
            "see check commit_stall for how to let commits go on meanwhile"},
    {.id = "too_few",
     .state = State::critical,
     .says = "More synchronous standbys are demanded than are there: commits wait for the others.",
     .fix = "psql -c 'SHOW synchronous_standby_names'   # on {primary}: how many, and which names\n"
            "bring the others back, or lower the number to what is there"},
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
