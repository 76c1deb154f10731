// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void ready(const ClusterFacts& facts, FactSink& sink) {
  const Readiness& readiness = facts.analysis.readiness;
  if (!readiness.candidate) return;
  sink.emit({facts.snapshot.cluster}, readiness.hindrances.empty() ? 1 : 0);
}

void hindrances(const ClusterFacts& facts, FactSink& sink) {
  const Readiness& readiness = facts.analysis.readiness;
  if (!readiness.candidate) return;
  const std::string& node = facts.snapshot.nodes[*readiness.candidate].postgres.name;
  for (const Hindrance hindrance : kHindrances) {
    const bool holds = std::ranges::count(readiness.hindrances, hindrance) > 0;
    sink.emit({facts.snapshot.cluster, node, to_string(hindrance)}, holds ? 1 : 0);
  }
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_failover_ready",
     .labels = {"cluster"},
     .help = "Whether a standby could take over now; absent while there is no one primary.",
     .source = "all nodes together",
     .of_cluster = ready},
    {.metric = "pgrepl_failover_hindrance",
     .labels = {"cluster", "node", "hindrance"},
     .help = "Why the standby that is hindered least should not take over, one series per reason.",
     .source = "all nodes together",
     .of_cluster = hindrances},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> readiness_facts() { return kRows; }

}  // namespace pgrepl::catalogue
