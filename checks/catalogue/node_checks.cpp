// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

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
            "nc -zv {address} {port}   # a silent time-out points at a firewall or a dead machine\n"
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
     .fix = "psql -c '\\password {monitor}'   # on the primary; the standby follows\n"
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
     .fix = "GRANT CONNECT ON DATABASE postgres TO {monitor};   -- on the primary"},
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
     .fix = "GRANT pg_monitor TO {monitor};   -- on the primary"},
};

}  // namespace

constexpr CheckRow kNodeUp{.id = "node_up",
                           .title = "The node answers the poll",
                           .question = "Which server is down?",
                           .topic = Topic::availability,
                           .hold = {.seconds = 0, .polls = 2},
                           .causes = kNodeUpCauses,
                           .source = "guide: replication not starting",
                           .read = read_node_up};

static_assert(row_rules::is_sound(kNodeUp));

}  // namespace pgrepl::catalogue
