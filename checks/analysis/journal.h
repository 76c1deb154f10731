// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "checks/analysis/memory.h"

namespace pgrepl {

/// What the journal tells of, as JournalEntry::kind.
namespace event {
inline constexpr const char* kNodeLost = "node_lost";        ///< two polls in a row got no answer
inline constexpr const char* kNodeBack = "node_back";        ///< duration: of the silence
inline constexpr const char* kPromoted = "promoted";         ///< a standby became a primary
inline constexpr const char* kRoleChanged = "role_changed";  ///< a primary became a standby
inline constexpr const char* kPrimaryRestarted =
    "primary_restarted";  ///< and is primary again; duration: at most so long it was away
inline constexpr const char* kTimelineSwitched = "timeline_switched";  ///< without a change of role
inline constexpr const char* kUpstreamChanged =
    "upstream_changed";  ///< a standby receives from another server
inline constexpr const char* kSyncChanged =
    "sync_changed";  ///< other standbys are synchronous; duration: how long none was
inline constexpr const char* kSlotLost = "slot_lost";  ///< object: the slot
inline constexpr const char* kSystemChanged =
    "system_changed";  ///< another cluster's data answers under the node's name
inline constexpr const char* kFailover =
    "failover";  ///< a new primary takes the writes; object: FailoverKind; duration: at most
inline constexpr const char* kPositionWentBack = "position_went_back";
inline constexpr const char* kMaintenanceBegan = "maintenance_began";
inline constexpr const char* kMaintenanceEnded = "maintenance_ended";  ///< duration: of it
}  // namespace event

inline constexpr std::array<std::string_view, 14> kEventKinds{
    event::kNodeLost,         event::kNodeBack,         event::kPromoted,
    event::kRoleChanged,      event::kPrimaryRestarted, event::kTimelineSwitched,
    event::kUpstreamChanged,  event::kSyncChanged,      event::kSlotLost,
    event::kSystemChanged,    event::kFailover,         event::kPositionWentBack,
    event::kMaintenanceBegan, event::kMaintenanceEnded};

/// The event that a node's role is another than when it answered last; `evidence` follows behind
/// the roles.  Pure.
JournalEntry role_changed(WallTime at, std::string node, const std::string& before,
                          const std::string& after, const std::string& evidence = "");

/// Whether an entry tells of a change of role, whichever way.  Pure.
bool is_role_change(const JournalEntry& entry);

/// Writes an event behind the others, with a mark if maintenance goes on, and counts it.  The
/// oldest of the kind that there is most of makes room, so that a node that comes and goes does not
/// push out the last failover.  Pure.
void write_down(ClusterMemory& memory, JournalEntry entry);

/// Lets entries go, as write_down() does, until there are no more than kMaxJournal.  Pure.
void make_room(std::vector<JournalEntry>& journal);

}  // namespace pgrepl
