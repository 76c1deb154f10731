// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

template <std::int64_t WalDirectory::*field>
void wal_directory(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) -> std::optional<double> {
    if (!state.wal_directory.value) return std::nullopt;
    return static_cast<double>((*state.wal_directory.value).*field);
  });
}

/// Calls `take(node, source, directory)`; a machine answers also while its PostgreSQL does not.
template <class Take>
void each_directory(const ClusterFacts& facts, Take take) {
  for (const NodeObservation& node : facts.snapshot.nodes) {
    if (!node.host) continue;
    for (const DirectorySpace& directory : node.host->directories) {
      take(node.postgres.name, to_string(node.host->source), directory);
    }
  }
}

template <class Get>
void per_filesystem(const ClusterFacts& facts, FactSink& sink, Get get) {
  each_directory(facts, [&](const std::string& node, std::string_view source,
                            const DirectorySpace& directory) {
    if (!directory.filesystem) return;
    sink.emit({facts.snapshot.cluster, node, to_string(directory.purpose), directory.path, source},
              get(*directory.filesystem));
  });
}

void size(const ClusterFacts& facts, FactSink& sink) {
  per_filesystem(facts, sink, [](const Filesystem& filesystem) { return filesystem.size; });
}
void available(const ClusterFacts& facts, FactSink& sink) {
  per_filesystem(facts, sink, [](const Filesystem& filesystem) { return filesystem.available; });
}
void free_space(const ClusterFacts& facts, FactSink& sink) {
  per_filesystem(facts, sink, [](const Filesystem& filesystem) { return filesystem.free; });
}
void used(const ClusterFacts& facts, FactSink& sink) {
  per_filesystem(facts, sink, [](const Filesystem& filesystem) { return filesystem.used(); });
}

void readable(const ClusterFacts& facts, FactSink& sink) {
  each_directory(facts, [&](const std::string& node, std::string_view source,
                            const DirectorySpace& directory) {
    sink.emit({facts.snapshot.cluster, node, to_string(directory.purpose), directory.path, source},
              directory.filesystem ? 1 : 0);
  });
}

void pinned(const ClusterFacts& facts, FactSink& sink) {
  each_answer(facts, [&](const std::string& node, const NodeState&, const NodeAnalysis& seen) {
    if (!seen.wal_use) return;
    for (const WalHolder holder : kWalHolders) {
      const auto& bytes = seen.wal_use->by(holder);
      if (bytes) {
        sink.emit({facts.snapshot.cluster, node, to_string(holder)}, static_cast<double>(*bytes));
      }
    }
  });
}

void full_eta(const ClusterFacts& facts, FactSink& sink) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeObservation& node = facts.snapshot.nodes[i];
    const std::vector<DiskForecast>& disks = facts.analysis.nodes[i].disks;
    for (std::size_t d = 0; d < disks.size(); ++d) {
      if (!disks[d].full_in) continue;
      const DirectorySpace& directory = node.host->directories[d];
      sink.emit({facts.snapshot.cluster, node.postgres.name, to_string(directory.purpose),
                 directory.path, to_string(node.host->source)},
                disks[d].full_in->count());
    }
  }
}

constexpr Labels kLabels{"cluster", "node", "directory", "path", "source"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_wal_directory_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node"},
     .help = "Size of all files in pg_wal.",
     .source = "pg_ls_waldir()",
     .of_cluster = wal_directory<&WalDirectory::bytes>},
    {.metric = "pgrepl_wal_directory_files",
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "Number of files in pg_wal.",
     .source = "pg_ls_waldir()",
     .of_cluster = wal_directory<&WalDirectory::files>},
    {.metric = "pgrepl_wal_directory_pinned_bytes",
     .unit = Unit::bytes,
     .labels = {"cluster", "node", "by"},
     .help = "How much of pg_wal each holder would keep if it were alone; they do not add up.",
     .source = "slots, pg_ls_archive_statusdir(), wal_keep_size, pg_control_checkpoint().redo_lsn",
     .of_cluster = pinned},
    {.metric = "pgrepl_filesystem_full_eta_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "When the filesystem will be full at this rate; absent if it is not filling up.",
     .source = "pgrepl_filesystem_available_bytes over the last half hour to six hours",
     .of_cluster = full_eta},
    {.metric = "pgrepl_filesystem_size_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Size of the filesystem that holds the directory.",
     .source = "statvfs() or node_exporter",
     .of_cluster = size},
    {.metric = "pgrepl_filesystem_used_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Used space of the filesystem that holds the directory.",
     .source = "statvfs() or node_exporter",
     .of_cluster = used},
    {.metric = "pgrepl_filesystem_free_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Free space of that filesystem, with what only root may use.",
     .source = "statvfs() or node_exporter",
     .of_cluster = free_space},
    {.metric = "pgrepl_filesystem_available_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Free space of that filesystem that PostgreSQL may still write.",
     .source = "statvfs() or node_exporter",
     .of_cluster = available},
    {.metric = "pgrepl_filesystem_readable",
     .labels = kLabels,
     .help = "Whether the filesystem of a configured directory could be read.",
     .source = "statvfs() or node_exporter",
     .of_cluster = readable},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> disk_facts() { return kRows; }

}  // namespace pgrepl::catalogue
