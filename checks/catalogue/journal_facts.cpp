// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/journal.h"
#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void events(const ClusterFacts& facts, FactSink& sink) {
  for (const std::string_view kind : kEventKinds) {
    const auto known = facts.analysis.event_counts.find(std::string{kind});
    const bool seen = known != facts.analysis.event_counts.end();
    sink.emit({facts.snapshot.cluster, kind}, seen ? static_cast<double>(known->second) : 0);
  }
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_events_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .labels = {"cluster", "kind"},
     .help = "Events written into the journal, by kind; it is kept over restarts of the exporter.",
     .source = "comparing what a node says with what it said before",
     .of_cluster = events},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> journal_facts() { return kRows; }

}  // namespace pgrepl::catalogue
