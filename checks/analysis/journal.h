// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/analysis/memory.h"

namespace pgrepl {

/// What the journal tells of, as JournalEntry::kind.
namespace event {
inline constexpr const char* kRoleChanged = "role_changed";
inline constexpr const char* kPositionWentBack = "position_went_back";
}  // namespace event

/// The event that a node's role is another than when it answered last.  Pure.
JournalEntry role_changed(WallTime at, std::string node, const std::string& before,
                          const std::string& after);

/// Writes an event behind the others; the oldest makes room.  Pure.
void write_down(ClusterMemory& memory, JournalEntry entry);

}  // namespace pgrepl
