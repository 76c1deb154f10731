// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/slot_owner.h"

#include <algorithm>
#include <string>

#include "checks/analysis/cluster_analysis.h"

namespace pgrepl {
namespace {

/// The slot that a standby says it uses: empty if it uses none, absent if it does not tell.
std::optional<std::string> used_by(const NodeState& standby) {
  if (standby.wal_receiver && standby.wal_receiver->slot_name) {
    return standby.wal_receiver->slot_name;
  }
  if (!standby.settings.value) return std::nullopt;
  return standby.settings.value->primary_slot_name;
}

/// The application_name of the process that uses a slot.
std::optional<std::string> user_of(const NodeState& holder, const ReplicationSlotRow& slot) {
  if (!slot.active_pid) return std::nullopt;
  const auto row =
      std::ranges::find(holder.wal_senders, *slot.active_pid, &StatReplicationRow::pid);
  if (row == holder.wal_senders.end()) return std::nullopt;
  return row->application_name;
}

/// A node that was promoted says nothing of a slot, and may need it again: what it used stays
/// remembered.
void note_what_it_says(ClusterMemory& memory, const NodeSnapshot& node) {
  const std::optional<std::string> slot =
      node.state->in_recovery ? used_by(*node.state) : std::nullopt;
  if (!slot) return;
  if (slot->empty()) {
    memory.used_slot.erase(node.name);
  } else {
    memory.used_slot[node.name] = *slot;
  }
}

bool is_node(const ClusterSnapshot& now, const std::string& name) {
  return std::ranges::any_of(
      now.nodes, [&](const NodeObservation& node) { return node.postgres.name == name; });
}

/// "wallix_a2_slot" and "wallix-a2" are both "wallixa2".
std::string bare(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == '.' || c == ' ') continue;
    letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  constexpr std::string_view kWord = "slot";
  if (letters.ends_with(kWord)) letters.resize(letters.size() - kWord.size());
  if (letters.starts_with(kWord)) letters.erase(0, kWord.size());
  return letters;
}

/// The configured node that uses the slot, or did when it was last seen.
std::optional<std::size_t> known_user(const ReplicationSlotRow& slot, std::size_t holder,
                                      const ClusterSnapshot& now, const ClusterMemory& memory) {
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const auto used = memory.used_slot.find(now.nodes[i].postgres.name);
    if (i != holder && used != memory.used_slot.end() && used->second == slot.slot_name) return i;
  }
  return std::nullopt;
}

/// A node that may use the slot, for nobody knows which one it uses: preferably one it is named
/// after.
std::optional<SlotUse> possible_user(const ReplicationSlotRow& slot, std::size_t holder,
                                     const ClusterSnapshot& now, const ClusterMemory& memory) {
  std::optional<SlotUse> found;
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeSnapshot& node = now.nodes[i].postgres;
    const bool tells = node.up() && node.state->in_recovery && used_by(*node.state);
    if (i == holder || tells || memory.used_slot.contains(node.name)) continue;
    if (bare(slot.slot_name) == bare(node.name)) return SlotUse{SlotOwner::standby, i};
    found = SlotUse{SlotOwner::unclear, std::nullopt};
  }
  return found;
}

}  // namespace

void note_used_slots(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& node : now.nodes) {
    if (node.postgres.up()) note_what_it_says(memory, node.postgres);
  }
  for (const NodeObservation& node : now.nodes) {
    if (!node.postgres.up()) continue;
    for (const ReplicationSlotRow& slot : node.postgres.state->slots) {
      const auto user = user_of(*node.postgres.state, slot);
      if (user && is_node(now, *user)) memory.used_slot[*user] = slot.slot_name;
    }
  }
}

SlotUse slot_use(const ReplicationSlotRow& slot, std::size_t holder, const ClusterSnapshot& now,
                 const ClusterMemory& memory) {
  if (slot.slot_type == "logical") return {SlotOwner::consumer, std::nullopt};
  if (const auto node = known_user(slot, holder, now, memory)) return {SlotOwner::standby, node};
  if (slot.active) return {SlotOwner::stranger, std::nullopt};
  return possible_user(slot, holder, now, memory).value_or(SlotUse{SlotOwner::nobody, {}});
}

std::string slot_name_for(std::string_view node) {
  constexpr std::size_t kLongest = 63;  // NAMEDATALEN - 1
  constexpr std::string_view kEnd = "_slot";
  std::string slot;
  for (const char c : node.substr(0, kLongest - kEnd.size())) {
    const bool capital = c >= 'A' && c <= 'Z';
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    slot += capital ? static_cast<char>(c - 'A' + 'a') : fine ? c : '_';
  }
  return slot.append(kEnd);
}

}  // namespace pgrepl
