// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>
#include <string>

#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void status(const ClusterFacts& facts, FactSink& sink) {
  for (const CheckResult& result : facts.results) {
    sink.emit({facts.snapshot.cluster, result.node, result.check, result.object},
              static_cast<int>(result.state));
  }
}

void value(const ClusterFacts& facts, FactSink& sink) {
  for (const CheckResult& result : facts.results) {
    for (const MeasureResult& measure : result.measures) {
      if (!measure.value) continue;
      sink.emit({facts.snapshot.cluster, result.node, result.check, result.object, measure.id},
                *measure.value);
    }
  }
}

/// A range may have two ends; an infinite one is no threshold.
void emit_range(const std::optional<Range>& range, FactSink& sink,
                std::initializer_list<std::string_view> labels) {
  if (!range) return;
  const bool has_lower = std::isfinite(range->start) && range->start > 0;
  if (has_lower) sink.emit_with(labels, "lower", range->start);
  if (std::isfinite(range->end)) sink.emit_with(labels, "upper", range->end);
}

/// Slots of one node share their limits: each stands once.  How old a report is only its reader can
/// tell, but how old it may be is known here.
void threshold(const ClusterFacts& facts, FactSink& sink) {
  const double freshness = facts.policy.freshness_limit().count();
  sink.emit({facts.snapshot.cluster, "", "data_freshness", "age", "critical", "upper"}, freshness);
  std::set<std::array<std::string_view, 3>> done;
  for (const CheckResult& result : facts.results) {
    for (const MeasureResult& measure : result.measures) {
      if (!done.insert({result.node, result.check, measure.id}).second) continue;
      const std::string& cluster = facts.snapshot.cluster;
      emit_range(measure.warning, sink,
                 {cluster, result.node, result.check, measure.id, "warning"});
      emit_range(measure.critical, sink,
                 {cluster, result.node, result.check, measure.id, "critical"});
    }
  }
}

void cause(const ClusterFacts& facts, FactSink& sink) {
  for (const CheckResult& result : facts.results) {
    const CheckRow* row = find_check(result.check);
    if (row == nullptr) continue;
    const auto emit = [&](std::string_view id) {
      sink.emit({facts.snapshot.cluster, result.node, result.check, result.object, id},
                result.cause == id ? 1 : 0);
    };
    emit("none");
    for (const CauseRow& known : row->causes) emit(known.id);
  }
}

void maintenance(const ClusterFacts& facts, FactSink& sink) {
  const bool lasts = facts.policy.maintenance_at(facts.snapshot.taken.wall).has_value();
  sink.emit({facts.snapshot.cluster}, lasts ? 1 : 0);
}

void maintenance_end(const ClusterFacts& facts, FactSink& sink) {
  const auto present = facts.policy.maintenance_at(facts.snapshot.taken.wall);
  if (present) sink.emit({facts.snapshot.cluster}, since_1970(present->until));
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_check_status",
     .labels = {"cluster", "node", "check", "object"},
     .help =
         "Verdict of a check with its hold time applied: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
     .source = "the judge",
     .of_cluster = status},
    {.metric = "pgrepl_check_value",
     .labels = {"cluster", "node", "check", "object", "measure"},
     .help =
         "The number that a check judges, in the unit of its measure; absent while it is unknown.",
     .source = "the judge",
     .of_cluster = value},
    {.metric = "pgrepl_check_threshold",
     .labels = {"cluster", "node", "check", "measure", "severity", "bound"},
     .help = "Limit in force for a measure of a check; the value is bad beyond the bound.",
     .source = "the configuration, or the catalogue's default",
     .of_cluster = threshold},
    {.metric = "pgrepl_check_cause",
     .labels = {"cluster", "node", "check", "object", "cause"},
     .help = "Probable cause of a check's verdict, one series per known cause.",
     .source = "the judge",
     .of_cluster = cause},
    {.metric = "pgrepl_maintenance",
     .labels = {"cluster"},
     .help = "Whether the cluster is under announced maintenance.",
     .source = "maintenance_until of the configuration, and the command `maintenance`",
     .of_cluster = maintenance},
    {.metric = "pgrepl_maintenance_end_timestamp_seconds",
     .unit = Unit::timestamp,
     .labels = {"cluster"},
     .help = "When the announced maintenance ends by itself; absent while there is none.",
     .source = "the later of maintenance_until and what the command `maintenance` announced",
     .of_cluster = maintenance_end},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> verdict_facts() { return kRows; }

}  // namespace pgrepl::catalogue
