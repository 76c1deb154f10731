// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

template <class Get>
void archiver(const ClusterFacts& facts, FactSink& sink, Get get) {
  per_node(facts, sink, [&](const NodeState& state, const NodeAnalysis&) -> std::optional<double> {
    if (!state.archiver.value) return std::nullopt;
    return get(*state.archiver.value);
  });
}

template <class Get>
void backlog(const ClusterFacts& facts, FactSink& sink, Get get) {
  per_node(facts, sink, [&](const NodeState& state, const NodeAnalysis&) -> std::optional<double> {
    if (!state.archive_status.value) return std::nullopt;
    return get(*state.archive_status.value);
  });
}

using Archiver = StatArchiverRow;

void archived(const ClusterFacts& facts, FactSink& sink) {
  archiver(facts, sink,
           [](const Archiver& row) { return number(std::optional{row.archived_count}); });
}
void failed(const ClusterFacts& facts, FactSink& sink) {
  archiver(facts, sink,
           [](const Archiver& row) { return number(std::optional{row.failed_count}); });
}
void archived_age(const ClusterFacts& facts, FactSink& sink) {
  archiver(facts, sink, [](const Archiver& row) { return number(row.last_archived_age); });
}
void failed_age(const ClusterFacts& facts, FactSink& sink) {
  archiver(facts, sink, [](const Archiver& row) { return number(row.last_failed_age); });
}
void ready_files(const ClusterFacts& facts, FactSink& sink) {
  backlog(facts, sink, [](const ArchiveStatusDirectory& directory) {
    return number(std::optional{directory.ready_files});
  });
}
void oldest_ready(const ClusterFacts& facts, FactSink& sink) {
  backlog(facts, sink, [](const ArchiveStatusDirectory& directory) {
    return number(directory.oldest_ready_age);
  });
}

constexpr Labels kLabels{"cluster", "node"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_archiver_archived_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .labels = kLabels,
     .help = "WAL files archived since the statistics were reset.",
     .source = "pg_stat_archiver.archived_count",
     .of_cluster = archived},
    {.metric = "pgrepl_archiver_failed_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .labels = kLabels,
     .help = "Failed attempts to archive since the statistics were reset.",
     .source = "pg_stat_archiver.failed_count",
     .of_cluster = failed},
    {.metric = "pgrepl_archiver_last_archived_age_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "Time since a WAL file was last archived; absent if none ever was.",
     .source = "now() - pg_stat_archiver.last_archived_time",
     .of_cluster = archived_age},
    {.metric = "pgrepl_archiver_last_failed_age_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "Time since archiving last failed; absent if it never did.",
     .source = "now() - pg_stat_archiver.last_failed_time",
     .of_cluster = failed_age},
    {.metric = "pgrepl_archive_backlog_files",
     .unit = Unit::count,
     .labels = kLabels,
     .help = "WAL files that wait for the archiver.",
     .source = "pg_ls_archive_statusdir(), names that end in .ready",
     .of_cluster = ready_files},
    {.metric = "pgrepl_archive_backlog_oldest_age_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "How long the oldest of them has been waiting; absent if none waits.",
     .source = "pg_ls_archive_statusdir().modification",
     .of_cluster = oldest_ready},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> archive_facts() { return kRows; }

}  // namespace pgrepl::catalogue
