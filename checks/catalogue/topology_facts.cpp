// SPDX-License-Identifier: Apache-2.0
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
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> topology_facts() { return kRows; }

}  // namespace pgrepl::catalogue
