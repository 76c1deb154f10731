// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/analysis/memory.h"

namespace pgrepl {

/// What the journal tells of, as JournalEntry::kind.
namespace event {
inline constexpr const char* kRoleChanged = "role_changed";
inline constexpr const char* kPositionWentBack = "position_went_back";
}  // namespace event

/// Writes an event behind the others; the oldest makes room.  Pure.
void write_down(ClusterMemory& memory, JournalEntry entry);

}  // namespace pgrepl
