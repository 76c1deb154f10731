// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

constexpr std::array<std::string_view, 3> kRoles{"primary", "standby", "unknown"};

void node_up(const ClusterFacts& facts, FactSink& sink) {
  for (const NodeObservation& node : facts.snapshot.nodes) {
    sink.emit({facts.snapshot.cluster, node.postgres.name}, node.postgres.up() ? 1 : 0);
  }
}

void node_failure(const ClusterFacts& facts, FactSink& sink) {
  for (const NodeObservation& node : facts.snapshot.nodes) {
    for (const FailureClass reason : kFailureClasses) {
      const bool holds = !node.postgres.up() && node.postgres.state.error().reason == reason;
      sink.emit({facts.snapshot.cluster, node.postgres.name, to_string(reason)}, holds ? 1 : 0);
    }
  }
}

void node_role(const ClusterFacts& facts, FactSink& sink) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    one_of(sink, {facts.snapshot.cluster, facts.snapshot.nodes[i].postgres.name}, kRoles,
           to_string(facts.analysis.nodes[i].role));
  }
}

void node_info(const ClusterFacts& facts, FactSink& sink) {
  each_answer(facts, [&](const std::string& node, const NodeState& state, const NodeAnalysis&) {
    sink.emit(
        {facts.snapshot.cluster, node, state.system_identifier.value_or(""), state.server_version},
        1);
  });
}

void node_timeline(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink,
           [](const NodeState& state, const NodeAnalysis&) { return number(state.timeline); });
}

void node_version(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) {
    return std::optional<double>{state.server_version_num};
  });
}

void node_start(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) {
    return state.postmaster_start_timestamp;
  });
}

void node_privilege(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) {
    return std::optional<double>{state.has_pg_monitor ? 1 : 0};
  });
}

void node_round_trip(const ClusterFacts& facts, FactSink& sink) {
  std::string_view from = "exporter";
  for (const NodePolicy& node : facts.policy.nodes) {
    if (node.exporter_is_local) from = node.name;
  }
  each_answer(facts, [&](const std::string& node, const NodeState& state, const NodeAnalysis&) {
    if (state.round_trip)
      sink.emit({facts.snapshot.cluster, node, from}, state.round_trip->count());
  });
}

void poll_duration(const ClusterFacts& facts, FactSink& sink) {
  for (const NodeObservation& node : facts.snapshot.nodes) {
    sink.emit({facts.snapshot.cluster, node.postgres.name}, node.postgres.poll_duration.count());
  }
}

void poll_time(const ClusterFacts& facts, FactSink& sink) {
  const auto since_epoch = facts.snapshot.taken.wall.time_since_epoch();
  sink.emit({facts.snapshot.cluster}, std::chrono::duration_cast<Seconds>(since_epoch).count());
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_node_up",
     .labels = {"cluster", "node"},
     .help = "Whether the node answered the last poll.",
     .source = "the poll",
     .of_cluster = node_up},
    {.metric = "pgrepl_node_failure",
     .labels = {"cluster", "node", "reason"},
     .help =
         "Why the node did not answer the last poll, one series per class, all 0 while it is up.",
     .source = "SQLSTATE, the phase of the connection and the system's error code",
     .of_cluster = node_failure},
    {.metric = "pgrepl_node_role",
     .labels = {"cluster", "node", "role"},
     .help = "The role that the node gives itself, one series per role.",
     .source = "pg_is_in_recovery()",
     .of_cluster = node_role},
    {.metric = "pgrepl_node_info",
     .labels = {"cluster", "node", "system_identifier", "version"},
     .help = "Names of the node's cluster, empty if it does not tell, and version, always 1.",
     .source = "pg_control_system(), server_version",
     .of_cluster = node_info},
    {.metric = "pgrepl_node_timeline",
     .labels = {"cluster", "node"},
     .help = "The timeline that the node writes or replays.",
     .source = "pg_walfile_name() on a primary, pg_stat_wal_receiver or pg_control on a standby",
     .of_cluster = node_timeline},
    {.metric = "pgrepl_node_server_version_number",
     .labels = {"cluster", "node"},
     .help = "The server's version as one number, 150018 for 15.18.",
     .source = "server_version_num",
     .of_cluster = node_version},
    {.metric = "pgrepl_node_start_timestamp_seconds",
     .unit = Unit::timestamp,
     .labels = {"cluster", "node"},
     .help = "When the server was started, by its own clock.",
     .source = "pg_postmaster_start_time()",
     .of_cluster = node_start},
    {.metric = "pgrepl_node_monitor_privilege",
     .labels = {"cluster", "node"},
     .help = "Whether the monitoring role has pg_monitor; without it the server hides most facts.",
     .source = "pg_has_role()",
     .of_cluster = node_privilege},
    {.metric = "pgrepl_node_round_trip_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "node", "from"},
     .help = "Least TCP round trip of the session to the node in the last 5 minutes, absent over a "
             "unix socket.",
     .source = "TCP_INFO of the kernel",
     .of_cluster = node_round_trip},
    {.metric = "pgrepl_node_poll_duration_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "node"},
     .help = "How long the last poll of the node took, until its answer or its failure.",
     .source = "the poll",
     .of_cluster = poll_duration},
    {.metric = "pgrepl_last_poll_timestamp_seconds",
     .unit = Unit::timestamp,
     .labels = {"cluster"},
     .help =
         "When the last poll of the cluster ended; pages are served from it, not from the servers.",
     .source = "the poll",
     .of_cluster = poll_time},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> node_facts() { return kRows; }

}  // namespace pgrepl::catalogue
