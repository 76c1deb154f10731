// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/analysis/lag.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

// --- node_up -------------------------------------------------------------------------------------

Readings read_node_up(const CheckFacts& facts) {
  Readings readings;
  for (const NodeObservation& seen : facts.snapshot.nodes) {
    const NodeSnapshot& node = seen.postgres;
    Reading reading{.node = node.name, .object = ""};
    if (!node.up()) {
      reading.cause = to_string(node.state.error().reason);
      reading.summary = node.name + " does not answer: " + node.state.error().message;
    } else if (!node.state->has_pg_monitor) {
      reading.cause = "no_pg_monitor";
      reading.summary = node.name + " answers, but the monitoring role lacks pg_monitor";
    } else {
      reading.summary = node.name + " answers";
    }
    readings.found.push_back(std::move(reading));
  }
  return readings;
}

constexpr auto kCritical = State::critical;
constexpr auto kWarning = State::warning;

constexpr CauseRow kNodeUpCauses[] = {
    {.id = "dns",
     .state = kCritical,
     .says = "The node's name has no address.",
     .fix = "getent hosts {address}   # on the machine of the exporter\n"
            "correct the name in the conninfo of node {node}, or the resolver"},
    {.id = "refused",
     .state = kCritical,
     .says = "Nothing listens on the port: PostgreSQL is not running.",
     .fix = "systemctl status 'postgresql@*'   # on {node}\n"
            "tail -n 50 /var/log/postgresql/*.log   # on {node}: why it stopped\n"
            "crm_mon -1   # under Pacemaker: let the cluster start it, never systemctl"},
    {.id = "timeout",
     .state = kCritical,
     .says = "No answer in time: the machine, the network or the server hangs.",
     .fix = "ping -c 3 {address}\n"
            "nc -zv {address} 5432   # a silent time-out points at a firewall or a dead machine\n"
            "on {node}: dmesg and iostat, if the machine answers but PostgreSQL does not"},
    {.id = "tls",
     .state = kCritical,
     .says = "The two sides do not agree about TLS.",
     .fix = "compare sslmode in the conninfo of {node} with ssl in postgresql.conf and hostssl in "
            "pg_hba.conf"},
    {.id = "hba_rejected",
     .state = kCritical,
     .says = "The server lives, but pg_hba.conf has no line for the monitoring role from here.",
     .fix = "add a line for the monitoring role to pg_hba.conf on {node}\n"
            "psql -c 'SELECT pg_reload_conf()'   # on {node}"},
    {.id = "password",
     .state = kCritical,
     .says = "The server lives, but refuses the monitoring role's name or password.",
     .fix = "psql -c '\\password pgrepl_monitor'   # on the primary; the standby follows\n"
            "check the passfile, password_file or password_env of node {node}"},
    {.id = "no_database",
     .state = kCritical,
     .says = "The database of the conninfo does not exist.",
     .fix = "set dbname=postgres in the conninfo of node {node}"},
    {.id = "too_many_connections",
     .state = kCritical,
     .says = "The server has no connection left for the monitor, and hardly one for anybody else.",
     .fix = "psql -c 'SELECT usename, state, count(*) FROM pg_stat_activity GROUP BY 1, 2 ORDER BY "
            "3 DESC'   # on {node}\n"
            "PostgreSQL 16 and newer: grant pg_use_reserved_connections to the monitoring role"},
    {.id = "starting_up",
     .state = kWarning,
     .says = "The server is starting, or in crash recovery.",
     .fix =
         "tail -f /var/log/postgresql/*.log   # on {node}: redo in progress shows how far it is"},
    {.id = "shutting_down",
     .state = kWarning,
     .says = "The server is going down.",
     .fix = "tail -n 50 /var/log/postgresql/*.log   # on {node}: who asked for it"},
    {.id = "not_accepting",
     .state = kWarning,
     .says = "The server runs but takes no connections; a standby does so with hot_standby off.",
     .fix = "psql -c 'SHOW hot_standby'   # set it to on in postgresql.conf of {node} and restart"},
    {.id = "recovery_conflict",
     .state = kWarning,
     .says = "Replay on the standby cancelled the monitor's statement.",
     .fix = "nothing to do if it stays at one; else raise max_standby_streaming_delay on {node}"},
    {.id = "permission",
     .state = kCritical,
     .says = "The monitoring role may not connect to the database.",
     .fix = "GRANT CONNECT ON DATABASE postgres TO pgrepl_monitor;   -- on the primary"},
    {.id = "query_failed",
     .state = kCritical,
     .says = "The server answers, but the statements of the monitor fail.",
     .fix = "tail -n 50 /var/log/postgresql/*.log   # on {node}: the statement and its error"},
    {.id = "other",
     .state = kCritical,
     .says = "The node does not answer for a reason of its own.",
     .fix = "read the message; then the log of PostgreSQL on {node}"},
    {.id = "no_pg_monitor",
     .state = kWarning,
     .says = "The monitoring role lacks pg_monitor, so that the server hides what matters.",
     .fix = "GRANT pg_monitor TO pgrepl_monitor;   -- on the primary"},
};

// --- cluster_role --------------------------------------------------------------------------------

std::string names_of(const CheckFacts& facts, const std::vector<std::size_t>& nodes) {
  std::string text;
  for (const std::size_t i : nodes) {
    text += (text.empty() ? "" : " and ") + facts.snapshot.nodes[i].postgres.name;
  }
  return text;
}

/// A receiver that is being fed proves that some primary lives, even one that we cannot reach.
bool somebody_is_fed(const CheckFacts& facts) {
  return std::ranges::any_of(facts.snapshot.nodes, hears_its_sender, &NodeObservation::postgres);
}

Readings read_cluster_role(const CheckFacts& facts) {
  const auto& primaries = facts.analysis.primaries;
  const auto& silent = facts.analysis.silent;
  if (primaries.size() == 1) {
    return {.found = {{.node = "",
                       .object = "",
                       .summary = names_of(facts, primaries) + " is the only primary"}}};
  }
  if (primaries.size() > 1) {
    return {.found = {{.node = "",
                       .object = "",
                       .cause = "two_primaries",
                       .summary = names_of(facts, primaries) + " are both primary"}}};
  }
  if (silent.size() == facts.snapshot.nodes.size())
    return {.found = {unknown("", "no node answers")}};
  if (!silent.empty() && somebody_is_fed(facts)) {
    return {.found = {unknown(
                "", names_of(facts, silent) +
                        " does not answer, yet feeds its standby: it is likely the primary")}};
  }
  std::string summary = "no node is primary";
  if (!silent.empty()) summary += ", and " + names_of(facts, silent) + " does not answer";
  return {
      .found = {{.node = "", .object = "", .cause = "no_primary", .summary = std::move(summary)}}};
}

constexpr CauseRow kClusterRoleCauses[] = {
    {.id = "two_primaries",
     .state = kCritical,
     .hold = Hold{.seconds = 0, .polls = 1},
     .says = "Two nodes take writes: what is written to one of them will be lost.",
     .fix = "stop writing: fence or stop the node that the virtual IP does not point to\n"
            "psql -c 'SELECT pg_current_wal_lsn(), pg_walfile_name(pg_current_wal_lsn())'   # on "
            "both: the higher timeline was promoted last\n"
            "keep both data directories until it is clear which one is right"},
    {.id = "no_primary",
     .state = kCritical,
     .says = "No node takes writes.",
     .fix = "crm_mon -1   # under Pacemaker: is a failover going on, or blocked?\n"
            "psql -c 'SELECT pg_promote()'   # without Pacemaker, on the standby, once the old "
            "primary is certainly dead"},
};

// --- network_latency -----------------------------------------------------------------------------

/// The node that this exporter runs on; null if it runs on none.
const NodePolicy* exporter_node(const CheckFacts& facts) {
  const auto& nodes = facts.policy.nodes;
  const auto here = std::ranges::find_if(nodes, &NodePolicy::exporter_is_local);
  return here == nodes.end() ? nullptr : &*here;
}

/// Why a node's round trip says nothing about the pair's network; absent if it does.
std::optional<std::string> no_round_trip(const NodePolicy* here, const NodePolicy& policy,
                                         const NodeSnapshot& node) {
  if (here == nullptr) return "this exporter runs on none of the nodes";
  if (policy.exporter_is_local) return "this exporter runs on " + node.name + " itself";
  if (node.up() && !node.state->round_trip) return "the session does not cross a network";
  return std::nullopt;
}

Readings read_network_latency(const CheckFacts& facts) {
  Readings readings;
  const NodePolicy* here = exporter_node(facts);
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (const auto reason = no_round_trip(here, facts.policy.nodes[i], node)) {
      readings.absent.push_back({.node = node.name, .reason = *reason});
    } else if (!node.up()) {
      readings.found.push_back(unknown(node.name, unreachable(node)));
    } else {
      const Seconds trip = *node.state->round_trip;
      readings.found.push_back(
          {.node = node.name,
           .object = "",
           .cause = "slow_network",
           .summary =
               "round trip from " + here->name + " to " + node.name + " is " + time_text(trip),
           .values = {{.measure = "round_trip", .value = trip.count(), .minimum = 0}}});
    }
  }
  return readings;
}

constexpr MeasureRow kRoundTrip[] = {
    {.id = "round_trip",
     .unit = Unit::seconds,
     .warning = 0.005,
     .source = "guide: network requirements, less than 5 ms for synchronous replication"}};

constexpr CauseRow kNetworkCauses[] = {
    {.id = "slow_network",
     .says = "The path between the nodes is slow; every synchronous commit pays for it.",
     .fix = "ping -c 20 {address}   # from the other node\n"
            "mtr -rwc 20 {address}   # where the time is lost"}};

}  // namespace

constexpr CheckRow kNodeUp{.id = "node_up",
                           .title = "The node answers the poll",
                           .question = "Which server is down?",
                           .topic = Topic::availability,
                           .hold = {.seconds = 0, .polls = 2},
                           .causes = kNodeUpCauses,
                           .source = "guide: replication not starting",
                           .read = read_node_up};

constexpr CheckRow kClusterRole{.id = "cluster_role",
                                .title = "Exactly one node is primary",
                                .question = "Who takes the writes?",
                                .topic = Topic::role,
                                .hold = {.seconds = 15, .polls = 1},
                                .causes = kClusterRoleCauses,
                                .source = "guide: architecture, failover",
                                .read = read_cluster_role};

constexpr CheckRow kNetworkLatency{
    .id = "network_latency",
    .title = "Round trip between the nodes",
    .question = "Is the network good enough for synchronous commits?",
    .topic = Topic::network,
    .hold = {.seconds = 60, .polls = 2},
    .measures = kRoundTrip,
    .causes = kNetworkCauses,
    .source = "guide: network requirements",
    .read = read_network_latency};

static_assert(row_rules::is_sound(kNodeUp));
static_assert(row_rules::is_sound(kClusterRole));
static_assert(row_rules::is_sound(kNetworkLatency));

}  // namespace pgrepl::catalogue
