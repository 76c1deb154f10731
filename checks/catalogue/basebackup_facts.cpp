// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// PostgreSQL's own words.
constexpr std::array<std::string_view, 6> kPhases{"initializing",
                                                  "waiting for checkpoint to finish",
                                                  "estimating backup size",
                                                  "streaming database files",
                                                  "waiting for wal archiving to finish",
                                                  "transferring wal files"};

/// Calls `take(node, backup)` for every base backup that is being taken.
template <class Take>
void each_backup(const ClusterFacts& facts, Take take) {
  each_answer(facts, [&](const std::string& node, const NodeState&, const NodeAnalysis& seen) {
    for (const BaseBackup& backup : seen.base_backups) take(node, backup);
  });
}

template <class Get>
void per_backup(const ClusterFacts& facts, FactSink& sink, Get get) {
  each_backup(facts, [&](const std::string& node, const BaseBackup& backup) {
    const std::optional<double> value = get(backup);
    if (value) sink.emit({facts.snapshot.cluster, node, backup.application_name}, *value);
  });
}

void progress(const ClusterFacts& facts, FactSink& sink) {
  per_backup(facts, sink, [](const BaseBackup& backup) { return backup.share(); });
}

template <std::optional<std::int64_t> BaseBackup::*member>
void bytes(const ClusterFacts& facts, FactSink& sink) {
  per_backup(facts, sink, [](const BaseBackup& backup) { return number(backup.*member); });
}

void phase(const ClusterFacts& facts, FactSink& sink) {
  each_backup(facts, [&](const std::string& node, const BaseBackup& backup) {
    if (!backup.phase) return;  // hidden from a role without pg_monitor
    one_of(sink, {facts.snapshot.cluster, node, backup.application_name}, kPhases, *backup.phase);
  });
}

constexpr Labels kLabels{"cluster", "node", "application_name"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_basebackup_phase",
     .labels = {"cluster", "node", "application_name", "phase"},
     .help = "What a base backup that is being taken does now, one series per phase.",
     .source = "pg_stat_progress_basebackup.phase",
     .of_cluster = phase},
    {.metric = "pgrepl_basebackup_progress_ratio",
     .unit = Unit::ratio,
     .labels = kLabels,
     .help = "How much of it has been sent; absent if its size is not estimated.",
     .source = "pg_stat_progress_basebackup.backup_streamed / backup_total",
     .of_cluster = progress},
    {.metric = "pgrepl_basebackup_streamed_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "How much of it has been sent.",
     .source = "pg_stat_progress_basebackup.backup_streamed",
     .of_cluster = bytes<&BaseBackup::streamed>},
    {.metric = "pgrepl_basebackup_total_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Its size as estimated when it began.",
     .source = "pg_stat_progress_basebackup.backup_total",
     .of_cluster = bytes<&BaseBackup::total>},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> basebackup_facts() { return kRows; }

}  // namespace pgrepl::catalogue
