// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/slots.h"

#include <algorithm>

namespace pgrepl {
namespace {

/// PostgreSQL 17 knows since when a slot is unused; before, only our own memory does.
std::optional<Seconds> inactive_for(const std::string& node, const ReplicationSlotRow& slot,
                                    const ClusterMemory& memory, SteadyTime now) {
  if (slot.active) return std::nullopt;
  if (slot.inactive_age) return slot.inactive_age;
  const auto found = memory.slot_inactive_since.find(std::pair{node, slot.slot_name});
  return found == memory.slot_inactive_since.end() ? Seconds{0} : elapsed(found->second, now);
}

std::optional<std::int64_t> retained(const ReplicationSlotRow& slot, std::optional<Lsn> position) {
  const bool lost = slot.wal_status == "lost";  // newer versions leave restart_lsn behind
  if (lost || !slot.restart_lsn || !position) return std::nullopt;
  return std::max<std::int64_t>(0, wal_distance(*slot.restart_lsn, *position));
}

}  // namespace

std::vector<SlotAnalysis> analyze_slots(const NodeSnapshot& node, std::optional<Lsn> position,
                                        const ClusterMemory& memory, SteadyTime now) {
  std::vector<SlotAnalysis> all;
  if (!node.up()) return all;
  for (const ReplicationSlotRow& slot : node.state->slots) {
    all.push_back({.retained = retained(slot, position),
                   .inactive_for = inactive_for(node.name, slot, memory, now)});
  }
  return all;
}

}  // namespace pgrepl
