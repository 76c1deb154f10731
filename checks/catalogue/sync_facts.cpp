// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void required(const ClusterFacts& facts, FactSink& sink) {
  const auto& required = facts.analysis.sync_required;
  if (required) sink.emit({facts.snapshot.cluster}, *required ? 1 : 0);
}

/// A primary only: a standby knows no waiting commits, and 0 there would look like an answer.
bool tells_waiters(const NodeState& state) {
  return !state.in_recovery && state.has_pg_monitor && !state.missing.sync_rep_waiters;
}

void waiters(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink,
           [](const NodeState& state, const NodeAnalysis& seen) -> std::optional<double> {
             if (!tells_waiters(state)) return std::nullopt;
             return static_cast<double>(seen.sync_rep_waiters);
           });
}

void longest_wait(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink,
           [](const NodeState& state, const NodeAnalysis& seen) -> std::optional<double> {
             if (!tells_waiters(state)) return std::nullopt;
             return seen.longest_sync_rep_wait.value_or(Seconds{0}).count();
           });
}

void standbys_required(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState&, const NodeAnalysis& seen) -> std::optional<double> {
    if (!seen.sync) return std::nullopt;
    return number(seen.sync->required());
  });
}

void standbys_fulfilled(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState&, const NodeAnalysis& seen) -> std::optional<double> {
    if (!seen.sync || !seen.sync->counted_on) return std::nullopt;
    return static_cast<double>(seen.sync->counted_on->size());
  });
}

void after_promotion(const ClusterFacts& facts, FactSink& sink) {
  std::vector<std::string_view> states;
  for (const SyncOutlook outlook : kSyncOutlooks) states.push_back(to_string(outlook));
  each_answer(facts,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                if (!state.in_recovery || !seen.sync_outlook) return;
                one_of(sink, {facts.snapshot.cluster, node}, states, to_string(*seen.sync_outlook));
              });
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_sync_required",
     .labels = {"cluster"},
     .help =
         "Whether a synchronous standby must be there, by the configuration or by what was seen.",
     .source = "expect_sync, synchronous_standby_names, and whether one was ever synchronous",
     .of_cluster = required},
    {.metric = "pgrepl_sync_standbys_required",
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "How many synchronous standbys a commit on this primary must be confirmed by.",
     .source = "synchronous_standby_names",
     .of_cluster = standbys_required},
    {.metric = "pgrepl_sync_standbys_fulfilled",
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "How many standbys this primary counts on for commits; ANY n counts all candidates.",
     .source = "pg_stat_replication.sync_state is sync or quorum",
     .of_cluster = standbys_fulfilled},
    {.metric = "pgrepl_standby_sync_after_promotion",
     .labels = {"cluster", "node", "state"},
     .help = "What the standby's own setting would do to commits after its promotion: wait for "
             "others (fine), for nobody (async), or for ever (blocked).",
     .source = "synchronous_standby_names of the standby, and who could stream from it",
     .of_cluster = after_promotion},
    {.metric = "pgrepl_sync_rep_waiters",
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "Commits that wait for a synchronous standby.",
     .source = "pg_stat_activity.wait_event = SyncRep",
     .of_cluster = waiters},
    {.metric = "pgrepl_sync_rep_longest_wait_seconds",
     .unit = Unit::seconds,
     .labels = {"cluster", "node"},
     .help = "How long the oldest waiting commit has been seen waiting, 0 if none waits.",
     .source = "pg_stat_activity, timed by the exporter because a statement's age is not its wait",
     .of_cluster = longest_wait},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> sync_facts() { return kRows; }

}  // namespace pgrepl::catalogue
