// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void ready(const ClusterFacts& facts, FactSink& sink) {
  if (const auto ready = facts.analysis.readiness.ready())
    sink.emit({facts.snapshot.cluster}, *ready ? 1 : 0);
}

void hindrances(const ClusterFacts& facts, FactSink& sink) {
  const Readiness& readiness = facts.analysis.readiness;
  if (!readiness.candidate) return;
  const std::string& node = facts.snapshot.nodes[*readiness.candidate].postgres.name;
  for (const Hindrance hindrance : kHindrances) {
    const bool is_of_streams =
        hindrance == Hindrance::not_streaming || hindrance == Hindrance::not_synchronous;
    if (readiness.is_hidden && is_of_streams) continue;
    const bool holds = std::ranges::count(readiness.hindrances, hindrance) > 0;
    sink.emit({facts.snapshot.cluster, node, to_string(hindrance)}, holds ? 1 : 0);
  }
}

void rejoin_ready(const ClusterFacts& facts, FactSink& sink) {
  for (const WayBack& way : facts.analysis.ways_back) {
    if (const auto ready = way.ready())
      sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[way.node].postgres.name}, *ready);
  }
}

/// What a primary will have written that its standby never got, only its end can tell.
bool is_known(RejoinBlocker blocker, const WayBack& way) {
  if (blocker == RejoinBlocker::needs_rewind) return way.is_out && way.is_settled;
  return blocker != RejoinBlocker::needs_base_backup || way.is_settled;
}

void emit_blockers(const ClusterFacts& facts, const WayBack& way, FactSink& sink) {
  const std::string& node = facts.snapshot.nodes[way.node].postgres.name;
  for (const RejoinBlocker blocker : kRejoinBlockers) {
    const bool holds = std::ranges::count(way.blockers, blocker) > 0;
    if (is_known(blocker, way))
      sink.emit({facts.snapshot.cluster, node, to_string(blocker)}, holds ? 1 : 0);
  }
}

void rejoin_blockers(const ClusterFacts& facts, FactSink& sink) {
  for (const WayBack& way : facts.analysis.ways_back) emit_blockers(facts, way, sink);
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_failover_ready",
     .labels = {"cluster"},
     .help = "Whether a standby could take over now; absent while there is no one primary, or "
             "what decides is hidden from the monitoring role.",
     .source = "all nodes together",
     .of_cluster = ready},
    {.metric = "pgrepl_failover_hindrance",
     .labels = {"cluster", "node", "hindrance"},
     .help = "Why the standby that is hindered least should not take over, one series per reason.",
     .source = "all nodes together",
     .of_cluster = hindrances},
    {.metric = "pgrepl_rejoin_ready",
     .labels = {"cluster", "node"},
     .help =
         "Whether a node that is out could come back as a standby as it is, one series per node; "
         "while none is out, whether the primary could after a failover, if need be by pg_rewind. "
         "Absent while that is not known.",
     .source = "timelines, settings, slots and walsenders of all nodes together",
     .of_cluster = rejoin_ready},
    {.metric = "pgrepl_rejoin_blocker",
     .labels = {"cluster", "node", "blocker"},
     .help =
         "What stands in the way of that, one series per reason; those that are not known of are "
         "absent.",
     .source = "timelines, settings, slots and walsenders of all nodes together",
     .of_cluster = rejoin_blockers},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> readiness_facts() { return kRows; }

}  // namespace pgrepl::catalogue
