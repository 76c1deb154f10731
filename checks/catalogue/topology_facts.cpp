// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void topology(const ClusterFacts& facts, FactSink& sink) {
  one_of(sink, {facts.snapshot.cluster}, kTopologyVerdicts,
         to_string(facts.analysis.topology.verdict));
}

void upstream(const ClusterFacts& facts, FactSink& sink) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const auto& following = facts.analysis.nodes[i].following;
    if (!following) continue;
    one_of(sink, {facts.snapshot.cluster, facts.snapshot.nodes[i].postgres.name}, kReaches,
           to_string(following->reach));
  }
}

/// Calls `take(node, timeline)` for every node whose history is compared with the primary's.
template <class Take>
void each_timeline(const ClusterFacts& facts, Take take) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const auto& timeline = facts.analysis.nodes[i].timeline;
    if (timeline) take(facts.snapshot.nodes[i].postgres.name, *timeline);
  }
}

template <Lsn ForkInterval::*Bound>
void fork(const ClusterFacts& facts, FactSink& sink) {
  const auto primary = facts.analysis.primary();
  const auto& last = facts.analysis.last_fork;
  if (!primary || !last) return;
  sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[*primary].postgres.name},
            static_cast<double>(((*last).*Bound).bytes()));
}

template <std::optional<std::int64_t> TimelineAnalysis::*Bound>
void diverged(const ClusterFacts& facts, FactSink& sink) {
  each_timeline(facts, [&](const std::string& node, const TimelineAnalysis& timeline) {
    if (const auto bytes = number(timeline.*Bound))
      sink.emit({facts.snapshot.cluster, node}, *bytes);
  });
}

void rejoin(const ClusterFacts& facts, FactSink& sink) {
  each_timeline(facts, [&](const std::string& node, const TimelineAnalysis& timeline) {
    if (!timeline.rejoin) return;
    one_of(sink, {facts.snapshot.cluster, node}, kRejoinWays, to_string(*timeline.rejoin));
  });
}

constexpr std::string_view kForkSource =
    "pg_last_wal_replay_lsn() of a promoted server, or the positions seen before and after";
constexpr std::string_view kDivergedSource = "the node's position less the fork's bounds";

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_cluster_topology",
     .labels = {"cluster", "verdict"},
     .help = "What the nodes are together, one series per verdict.",
     .source = "roles, system identifiers, walsenders and receivers of all nodes together",
     .of_cluster = topology},
    {.metric = "pgrepl_standby_upstream",
     .labels = {"cluster", "node", "upstream"},
     .help = "Where the chain of senders ends that a standby hangs on, one series per end.",
     .source = "pg_stat_replication of all nodes and pg_stat_wal_receiver together",
     .of_cluster = upstream},
    {.metric = "pgrepl_timeline_fork_lower_bound_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node"},
     .help = "The only primary left the timeline before its present one at this position or later; "
             "absent if nobody saw its promotion.",
     .source = kForkSource,
     .of_cluster = fork<&ForkInterval::at_least>},
    {.metric = "pgrepl_timeline_fork_upper_bound_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node"},
     .help =
         "The only primary left the timeline before its present one at this position or earlier.",
     .source = kForkSource,
     .of_cluster = fork<&ForkInterval::at_most>},
    {.metric = "pgrepl_node_diverged_lower_bound_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node"},
     .help = "WAL of the node that the primary's history lacks is at least this; absent unless it "
             "is proved that there is some.",
     .source = kDivergedSource,
     .of_cluster = diverged<&TimelineAnalysis::own_at_least>},
    {.metric = "pgrepl_node_diverged_upper_bound_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node"},
     .help = "WAL of the node that the primary's history lacks is at most this; absent while the "
             "node is silent.",
     .source = kDivergedSource,
     .of_cluster = diverged<&TimelineAnalysis::own_at_most>},
    {.metric = "pgrepl_node_rejoin",
     .labels = {"cluster", "node", "way"},
     .help =
         "What a node needs before it can follow the primary, one series per way; only of nodes "
         "that do not follow it.",
     .source = "timelines, positions, wal_log_hints and data_checksums",
     .of_cluster = rejoin},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> topology_facts() { return kRows; }

}  // namespace pgrepl::catalogue
