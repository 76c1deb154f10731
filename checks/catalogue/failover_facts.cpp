// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/failover.h"

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// Calls `take(phase's name, its time)` for each phase that has been reached.
template <class Take>
void each_phase(const ClusterFacts& facts, Take take) {
  if (!facts.analysis.failover) return;
  for (const PhaseTime& time : facts.analysis.failover->phases) take(to_string(time.phase), time);
}

void phase(const ClusterFacts& facts, FactSink& sink) {
  each_phase(facts, [&](std::string_view name, const PhaseTime& time) {
    if (time.estimate) sink.emit({facts.snapshot.cluster, name}, time.estimate->count());
  });
}

void phase_lower(const ClusterFacts& facts, FactSink& sink) {
  each_phase(facts, [&](std::string_view name, const PhaseTime& time) {
    sink.emit({facts.snapshot.cluster, name}, time.lower.count());
  });
}

void phase_upper(const ClusterFacts& facts, FactSink& sink) {
  each_phase(facts, [&](std::string_view name, const PhaseTime& time) {
    sink.emit({facts.snapshot.cluster, name}, time.upper.count());
  });
}

void last_timestamp(const ClusterFacts& facts, FactSink& sink) {
  if (!facts.analysis.failover) return;
  sink.emit({facts.snapshot.cluster}, since_1970(facts.analysis.failover->at));
}

void kind(const ClusterFacts& facts, FactSink& sink) {
  const auto& last = facts.analysis.failover;
  one_of(sink, {facts.snapshot.cluster}, std::array{"crash", "switchover", "unknown", "none"},
         last ? to_string(last->kind) : "none");
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_failover_last_timestamp_seconds",
     .unit = Unit::timestamp,
     .labels = {"cluster"},
     .help =
         "When the loss of the primary was seen that led to the last failover; absent until one "
         "has been seen.",
     .source = "the exporter's calendar",
     .of_cluster = last_timestamp},
    {.metric = "pgrepl_failover_kind",
     .labels = {"cluster", "kind"},
     .help =
         "Whether the last failover followed a crash or an orderly stop (switchover); unknown if "
         "what was seen fits both, none if there was no failover.",
     .source = "how the old primary went, see failover_kind.cpp",
     .of_cluster = kind},
    {.metric = "pgrepl_failover_phase_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "phase"},
     .help = "Time from the loss of the old primary until the last failover reached a phase: the "
             "middle of its bounds, absent where they lie more than 30 s apart.",
     .source = "polls: every 5 s, every second once something is wrong",
     .of_cluster = phase},
    {.metric = "pgrepl_failover_phase_lower_bound_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "phase"},
     .help = "The phase was reached no sooner after the loss of the old primary.",
     .source = "from the first poll without the old primary to the last one without the phase",
     .of_cluster = phase_lower},
    {.metric = "pgrepl_failover_phase_upper_bound_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "phase"},
     .help = "The phase was reached no later after the loss of the old primary.",
     .source = "from the last poll with the old primary to the first one with the phase",
     .of_cluster = phase_upper},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> failover_facts() { return kRows; }

}  // namespace pgrepl::catalogue
