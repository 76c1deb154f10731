// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

constexpr std::array<std::string_view, 4> kWalStatuses{"reserved", "extended", "unreserved",
                                                       "lost"};

template <class Take>
void each_slot(const ClusterFacts& facts, Take take) {
  each_answer(facts,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                for (std::size_t i = 0; i < state.slots.size(); ++i)
                  take(node, state.slots[i], seen.slots[i]);
              });
}

template <class Get>
void per_slot(const ClusterFacts& facts, FactSink& sink, Get get) {
  each_slot(facts,
            [&](const std::string& node, const ReplicationSlotRow& slot, const SlotAnalysis& seen) {
              const std::optional<double> value = get(slot, seen);
              if (value) sink.emit({facts.snapshot.cluster, node, slot.slot_name}, *value);
            });
}

void active(const ClusterFacts& facts, FactSink& sink) {
  per_slot(facts, sink, [](const ReplicationSlotRow& slot, const SlotAnalysis&) {
    return std::optional<double>{slot.active ? 1 : 0};
  });
}

/// A slot that has never been used has no status yet: then all four are 0.
void wal_status(const ClusterFacts& facts, FactSink& sink) {
  each_slot(facts, [&](const std::string& node, const ReplicationSlotRow& slot, const auto&) {
    one_of(sink, {facts.snapshot.cluster, node, slot.slot_name}, kWalStatuses,
           slot.wal_status.value_or(""));
  });
}

void retained(const ClusterFacts& facts, FactSink& sink) {
  per_slot(facts, sink, [](const ReplicationSlotRow&, const SlotAnalysis& seen) {
    return number(seen.retained);
  });
}

void safe(const ClusterFacts& facts, FactSink& sink) {
  per_slot(facts, sink, [](const ReplicationSlotRow& slot, const SlotAnalysis&) {
    return number(slot.safe_wal_size);
  });
}

void inactive(const ClusterFacts& facts, FactSink& sink) {
  per_slot(facts, sink, [](const ReplicationSlotRow&, const SlotAnalysis& seen) {
    return number(seen.inactive_for);
  });
}

template <std::optional<Seconds> SlotAnalysis::*eta>
void slot_eta(const ClusterFacts& facts, FactSink& sink) {
  per_slot(facts, sink,
           [](const ReplicationSlotRow&, const SlotAnalysis& seen) { return number(seen.*eta); });
}

void owner(const ClusterFacts& facts, FactSink& sink) {
  each_slot(facts,
            [&](const std::string& node, const ReplicationSlotRow& slot, const SlotAnalysis& seen) {
              for (const SlotOwner value : kSlotOwners) {
                sink.emit({facts.snapshot.cluster, node, slot.slot_name, to_string(value)},
                          seen.use.owner == value ? 1 : 0);
              }
            });
}

void info(const ClusterFacts& facts, FactSink& sink) {
  each_slot(facts, [&](const std::string& node, const ReplicationSlotRow& slot, const auto&) {
    sink.emit({facts.snapshot.cluster, node, slot.slot_name, slot.slot_type,
               slot.temporary ? "true" : "false"},
              1);
  });
}

constexpr Labels kLabels{"cluster", "node", "slot_name"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_slot_active",
     .labels = kLabels,
     .help = "Whether a process uses the replication slot.",
     .source = "pg_replication_slots.active",
     .of_cluster = active},
    {.metric = "pgrepl_slot_wal_status",
     .labels = {"cluster", "node", "slot_name", "wal_status"},
     .help = "Whether the WAL that the slot needs is still there, one series per status.",
     .source = "pg_replication_slots.wal_status",
     .of_cluster = wal_status},
    {.metric = "pgrepl_slot_retained_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL that the slot holds back; absent once the slot is lost, which its status shows.",
     .source = "the node's position - pg_replication_slots.restart_lsn",
     .of_cluster = retained},
    {.metric = "pgrepl_slot_safe_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL that may still be written before the slot can be lost; absent without a limit.",
     .source = "pg_replication_slots.safe_wal_size",
     .of_cluster = safe},
    {.metric = "pgrepl_slot_inactive_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "How long the slot has been unused; absent while it is active.",
     .source =
         "pg_replication_slots.inactive_since from PostgreSQL 17 on, the exporter's memory before",
     .of_cluster = inactive},
    {.metric = "pgrepl_slot_owner",
     .labels = {"cluster", "node", "slot_name", "owner"},
     .help = "Whose the slot is, one series per kind of owner; nobody means an orphan.",
     .source = "pg_stat_wal_receiver.slot_name, primary_slot_name and active_pid, remembered",
     .of_cluster = owner},
    {.metric = "pgrepl_slot_lost_eta_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help =
         "When a slot that is unused, or whose standby falls behind, will be lost at this rate; "
         "absent without a limit.",
     .source = "pg_replication_slots.safe_wal_size and the WAL written over the last half hour, or "
               "pgrepl_lag_growth_bytes_per_second",
     .of_cluster = slot_eta<&SlotAnalysis::lost_in>},
    {.metric = "pgrepl_slot_disk_full_eta_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "When the WAL that such a slot keeps will have filled the filesystem of pg_wal.",
     .source = "available space and the same rate",
     .of_cluster = slot_eta<&SlotAnalysis::disk_full_in>},
    {.metric = "pgrepl_slot_info",
     .labels = {"cluster", "node", "slot_name", "slot_type", "temporary"},
     .help = "What kind of slot it is, always 1.",
     .source = "pg_replication_slots",
     .of_cluster = info},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> slot_facts() { return kRows; }

}  // namespace pgrepl::catalogue
