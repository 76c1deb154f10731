// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "checks/analysis/archive_trouble.h"
#include "checks/base/text.h"
#include "exporter/publish/terminal_cells.h"
#include "exporter/publish/terminal_tables.h"

// What a cluster keeps on its disks: slots, pg_wal, archive, filesystems.
namespace pgrepl {

using namespace terminal;  // NOLINT(google-build-using-namespace)

// --- slots ---------------------------------------------------------------------------------------

namespace {

TableCell use_of(const ReplicationSlotRow& slot, const SlotAnalysis& seen) {
  if (slot.active) return {"yes"};
  if (!seen.inactive_for) return {"no", Paint::warning};
  return {"no, " + time_text(*seen.inactive_for), Paint::warning};
}

TableCell owner_of(const ClusterReport& report, const SlotUse& use) {
  switch (use.owner) {
    case SlotOwner::standby:
      return {report.snapshot.nodes.at(*use.node).postgres.name};
    case SlotOwner::nobody:
      return {"nobody", Paint::warning};
    case SlotOwner::consumer:
      return {"subscriber"};
    case SlotOwner::stranger:
      return {"other"};
    case SlotOwner::unclear:
      break;
  }
  return {kUnknown};
}

/// WAL that may still be written before the slot is lost.
std::string room_of(const ReplicationSlotRow& slot, const NodeState& node) {
  if (slot.safe_wal_size) return bytes_text(slot.safe_wal_size);
  if (slot.wal_status == "lost") return kNotApplicable;
  const auto& settings = node.settings.value;
  const auto limit = settings ? settings->max_slot_wal_keep_size : std::nullopt;
  return limit && *limit < 0 ? "no limit" : kUnknown;
}

TableCell status_of(const ReplicationSlotRow& slot) {
  const std::string status = slot.wal_status.value_or(kUnknown);
  std::string text = status;
  if (slot.slot_type != "physical") text += ", " + slot.slot_type;
  if (slot.temporary) text += ", temporary";
  if (slot.synced) text += ", synced";
  const bool bad = status == "lost" || status == "unreserved";
  return {text, bad ? Paint::bad : Paint::plain};
}

}  // namespace

std::string slots_table(const ClusterReport& report, const TerminalStyle& style) {
  TextTable table{{{.title = "SLOT", .shrinks = true},
                   {.title = "NODE", .shrinks = true},
                   {.title = "OF", .shrinks = true},
                   {.title = "IN USE"},
                   {.title = "HOLDS", .right = true},
                   {.title = "LEFT", .right = true},
                   {.title = "STATUS"}}};
  each_answer(report,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                if (state.missing.slots)
                  table.add({kUnknown, node, kUnknown, kUnknown, kUnknown, kUnknown, kUnknown});
                for (std::size_t s = 0; s < state.slots.size(); ++s) {
                  const ReplicationSlotRow& slot = state.slots[s];
                  const SlotAnalysis& known = seen.slots.at(s);
                  table.add({one_line(slot.slot_name, kLongestText), node,
                             owner_of(report, known.use), use_of(slot, known),
                             bytes_text(known.retained), room_of(slot, state), status_of(slot)});
                }
              });
  return rendered(table, style);
}

// --- pg_wal and archive --------------------------------------------------------------------------

namespace {

TableCell archived(const NodeState& node) {
  if (nothing_to_archive(node)) return {kNotApplicable};
  if (!node.archiver.value) return {kUnknown, Paint::unknown};
  const StatArchiverRow& row = *node.archiver.value;
  if (last_attempt_failed(row)) {
    const std::string when = row.last_failed_age ? ", " + time_text(*row.last_failed_age) : "";
    return {"fails" + when + (when.empty() ? "" : " ago"), Paint::bad};
  }
  if (!row.last_archived_age) return {"nothing yet"};
  return {time_text(*row.last_archived_age) + " ago"};
}

std::string waiting(const NodeState& node) {
  if (nothing_to_archive(node)) return kNotApplicable;
  const auto& directory = node.archive_status.value;
  return directory ? std::to_string(directory->ready_files) : kUnknown;
}

/// What keeps most of pg_wal.
std::string keeper(const std::optional<WalUse>& use) {
  if (!use || !use->main) return kUnknown;
  switch (*use->main) {
    case WalHolder::slots:
      return "slot " + one_line(use->slot, kLongestText);
    case WalHolder::archive:
      return "the archiver";
    case WalHolder::wal_keep_size:
    case WalHolder::checkpoint:
      return std::string{to_string(*use->main)};
    case WalHolder::rest:
      break;
  }
  return kNotApplicable;
}

}  // namespace

std::string wal_table(const ClusterReport& report, const TerminalStyle& style) {
  TextTable table{{{.title = "WAL ON", .shrinks = true},
                   {.title = "PG_WAL", .right = true},
                   {.title = "FILES", .right = true},
                   {.title = "KEPT BY", .shrinks = true},
                   {.title = "TO ARCHIVE", .right = true},
                   {.title = "ARCHIVED"}}};
  each_answer(report,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                const auto& directory = state.wal_directory.value;
                table.add({node, directory ? bytes_text(std::optional{directory->bytes}) : kUnknown,
                           directory ? std::to_string(directory->files) : kUnknown,
                           keeper(seen.wal_use), waiting(state), archived(state)});
              });
  return rendered(table, style);
}

// --- disks ---------------------------------------------------------------------------------------

namespace {

/// The room that is left, and for how long if it fills up.
std::string room_on(const Filesystem& filesystem, const DiskForecast& forecast) {
  const std::string room = bytes_text(filesystem.available);
  return forecast.full_in ? room + ", for " + time_text(*forecast.full_in) : room;
}

std::vector<TableCell> disk_row(const std::string& node, const DirectorySpace& directory,
                                const DiskForecast& forecast) {
  const std::string purpose{to_string(directory.purpose)};
  const std::string path = one_line(directory.path, kLongestText);
  if (!directory.filesystem) {
    const std::string reason{to_string(directory.filesystem.error().reason)};
    return {node, purpose, {kUnknown, Paint::unknown}, kUnknown, path + " (" + reason + ")"};
  }
  const Filesystem& filesystem = *directory.filesystem;
  const double counted = filesystem.used() + filesystem.available;
  const std::string used =
      counted > 0 ? humanize(std::round(100 * filesystem.used() / counted), Unit::percent)
                  : kUnknown;
  return {node, purpose, used, room_on(filesystem, forecast), path};
}

}  // namespace

std::string disk_table(const ClusterReport& report, const TerminalStyle& style) {
  TextTable table{{{.title = "DISK OF", .shrinks = true},
                   {.title = "FOR"},
                   {.title = "USED", .right = true},
                   {.title = "LEFT", .right = true},
                   {.title = "PATH", .shrinks = true}}};
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const NodeObservation& node = report.snapshot.nodes[i];
    if (!node.host) continue;
    for (std::size_t d = 0; d < node.host->directories.size(); ++d) {
      table.add(disk_row(node.postgres.name, node.host->directories[d],
                         report.analysis.nodes.at(i).disks.at(d)));
    }
  }
  return rendered(table, style);
}

}  // namespace pgrepl
