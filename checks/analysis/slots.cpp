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

/// Bytes of WAL per second over as long as the clock reaches back, up to half an hour: a burst is
/// no forecast.  Absent below five minutes.
std::optional<double> lasting_rate(const LsnClock& clock, SteadyTime now) {
  for (const Seconds window : {Seconds{1800}, Seconds{300}}) {
    if (const auto written = clock.written_since(after(now, -window))) {
      return static_cast<double>(*written) / window.count();
    }
  }
  return std::nullopt;
}

/// Room on the filesystem that holds pg_wal.
std::optional<double> room_for_wal(const NodeObservation& node) {
  if (!node.host) return std::nullopt;
  for (const DirectorySpace& directory : node.host->directories) {
    const bool known = directory.purpose == DirectoryPurpose::wal && directory.filesystem;
    if (known) return directory.filesystem->available;
  }
  return std::nullopt;
}

std::optional<Seconds> used_up_in(std::optional<double> room, double rate) {
  if (!room || rate <= 0) return std::nullopt;
  return Seconds{std::max(0.0, *room) / rate};
}

std::optional<double> safe_size(const ReplicationSlotRow& slot) {
  if (!slot.safe_wal_size) return std::nullopt;
  return static_cast<double>(*slot.safe_wal_size);
}

/// By how much more WAL per second a slot that is in use holds back: as much as its standby falls
/// behind, if it does so all the time and for want of WAL on its disk.
std::optional<double> falls_behind(const SlotUse& use, const ClusterAnalysis& all) {
  if (use.owner != SlotOwner::standby || !use.node) return std::nullopt;
  const NodeAnalysis& standby = all.nodes.at(*use.node);
  if (!standby.lag || !standby.lag_forecast) return std::nullopt;
  const auto& bottleneck = standby.lag->bottleneck;
  const bool lacks_wal =
      bottleneck == Bottleneck::network || bottleneck == Bottleneck::standby_disk;
  const bool lasts = standby.lag_forecast->growing_for > Seconds{0};
  return lacks_wal && lasts ? standby.lag_forecast->growth : std::nullopt;
}

/// `written` is by how much what an unused one holds back becomes more.
void forecast_slots(ClusterAnalysis& all, std::size_t holder, const NodeObservation& primary,
                    std::optional<double> written) {
  const std::optional<double> room = room_for_wal(primary);
  std::vector<SlotAnalysis>& slots = all.nodes[holder].slots;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const ReplicationSlotRow& slot = primary.postgres.state->slots[i];
    const auto rate = slot.active ? falls_behind(slots[i].use, all) : written;
    if (!rate || !slots[i].retained) continue;
    slots[i].lost_in = used_up_in(safe_size(slot), *rate);
    slots[i].disk_full_in = used_up_in(room, *rate);
  }
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

void conclude_slots(ClusterAnalysis& all, const ClusterSnapshot& now, const ClusterMemory& memory,
                    const LsnClock* clock) {
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    std::vector<SlotAnalysis>& slots = all.nodes[i].slots;
    for (std::size_t s = 0; s < slots.size(); ++s) {
      slots[s].use = slot_use(now.nodes[i].postgres.state->slots[s], i, now, memory);
    }
  }
  const auto primary = all.primary();
  if (!primary || clock == nullptr) return;
  forecast_slots(all, *primary, now.nodes[*primary], lasting_rate(*clock, now.taken.steady));
}

}  // namespace pgrepl
