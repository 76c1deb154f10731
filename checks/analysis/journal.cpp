// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/journal.h"

#include <utility>

#include "checks/analysis/bounded.h"

namespace pgrepl {

JournalEntry role_changed(WallTime at, std::string node, const std::string& before,
                          const std::string& after) {
  return {.at = at,
          .kind = event::kRoleChanged,
          .node = std::move(node),
          .evidence = before + " -> " + after};
}

void write_down(ClusterMemory& memory, JournalEntry entry) {
  memory.journal.push_back(std::move(entry));
  keep_newest(memory.journal, ClusterMemory::kMaxJournal);
}

}  // namespace pgrepl
