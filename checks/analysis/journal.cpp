// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/journal.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLongestEvidence = 300;

/// The kind that stands there most often; of several the one whose oldest entry is the oldest.
std::string_view most_frequent(const std::vector<JournalEntry>& journal) {
  std::map<std::string_view, std::size_t> counts;
  for (const JournalEntry& entry : journal) ++counts[entry.kind];
  std::string_view most;
  for (const JournalEntry& entry : journal) {
    if (counts[entry.kind] > counts[most]) most = entry.kind;
  }
  return most;
}

}  // namespace

JournalEntry role_changed(WallTime at, std::string node, const std::string& before,
                          const std::string& after, const std::string& evidence) {
  return {.at = at,
          .kind = after == "primary" ? event::kPromoted : event::kRoleChanged,
          .node = std::move(node),
          .evidence = before + " -> " + after + (evidence.empty() ? "" : ", " + evidence)};
}

bool is_role_change(const JournalEntry& entry) {
  return entry.kind == event::kPromoted || entry.kind == event::kRoleChanged;
}

void write_down(ClusterMemory& memory, JournalEntry entry) {
  ++memory.event_counts[entry.kind];
  entry.evidence = one_line(entry.evidence, kLongestEvidence);
  entry.during_maintenance = memory.maintenance.has_value();
  memory.journal.push_back(std::move(entry));
  make_room(memory.journal);
}

void make_room(std::vector<JournalEntry>& journal) {
  while (journal.size() > ClusterMemory::kMaxJournal) {
    // The kind is a text inside an entry, which must not go before it is compared.
    const std::string kind{most_frequent(journal)};
    journal.erase(std::ranges::find(journal, kind, &JournalEntry::kind));
  }
}

}  // namespace pgrepl
