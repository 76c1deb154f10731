// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace pgrepl {

struct ClusterMemory;
struct ClusterSnapshot;
struct ReplicationSlotRow;

/// Whose a replication slot is.
enum class SlotOwner {
  standby,   ///< a configured node's: it uses the slot, or did when it was last seen
  nobody,    ///< an orphan: nothing uses it, and every configured node uses another slot or none
  unclear,   ///< nothing uses it, but a node that does not answer may
  stranger,  ///< used by something that is no configured node, such as pg_receivewal
  consumer,  ///< a logical slot: subscribers' business, and copies of such slots on a standby
};

inline constexpr std::array kSlotOwners{SlotOwner::standby, SlotOwner::nobody, SlotOwner::unclear,
                                        SlotOwner::stranger, SlotOwner::consumer};

constexpr std::string_view to_string(SlotOwner owner) {
  switch (owner) {
    case SlotOwner::standby:
      return "standby";
    case SlotOwner::nobody:
      return "nobody";
    case SlotOwner::unclear:
      return "unclear";
    case SlotOwner::stranger:
      return "stranger";
    case SlotOwner::consumer:
      return "consumer";
  }
  return "unclear";
}

/// Whose a slot is, and which node that is.
struct SlotUse {
  SlotOwner owner = SlotOwner::unclear;
  std::optional<std::size_t> node;  ///< index in the snapshot; set for a configured node's

  bool operator==(const SlotUse&) const = default;
};

/// Remembers which slot each node uses, by what it says itself and by what its sender shows.
void note_used_slots(ClusterMemory& memory, const ClusterSnapshot& now);

/// Whose a slot on the node `holder` is.  Pure.
SlotUse slot_use(const ReplicationSlotRow& slot, std::size_t holder, const ClusterSnapshot& now,
                 const ClusterMemory& memory);

/// What to call a node's slot, as the guide does: wallix_a2_slot for wallix-a2, because PostgreSQL
/// takes small letters, digits and underscores, 63 of them at most.  Pure.
std::string slot_name_for(std::string_view node);

}  // namespace pgrepl
