// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// Calls `take(node, slot, analysis, readings)` for every lasting slot of every primary; a
/// standby's own slots feed nobody until it is promoted.
template <class Take>
Readings each_slot(const CheckFacts& facts, Take take) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (is_silent_primary(facts, i)) {
      readings.found.push_back(unknown(node.name, unreachable(node)));
    }
    if (!node.up()) continue;
    if (node.state->in_recovery) {
      readings.absent.push_back({.node = node.name, .reason = "the node is a standby"});
      continue;
    }
    if (const auto& failure = node.state->missing.slots) {
      readings.found.push_back(unknown(node.name, not_shown(node.name, "slots", *failure)));
      continue;
    }
    for (std::size_t s = 0; s < node.state->slots.size(); ++s) {
      const ReplicationSlotRow& slot = node.state->slots[s];
      if (!slot.temporary) take(node, slot, facts.analysis.nodes[i].slots[s], readings);
    }
    if (std::ranges::all_of(node.state->slots, &ReplicationSlotRow::temporary)) {
      readings.absent.push_back({.node = node.name, .reason = "the node has no lasting slot"});
    }
  }
  return readings;
}

bool is_lost(const ReplicationSlotRow& slot) { return slot.wal_status == "lost"; }

// --- slot_active ---------------------------------------------------------------------------------

void read_activity(const NodeSnapshot& node, const ReplicationSlotRow& slot,
                   const SlotAnalysis& seen, Readings& readings) {
  Reading reading{.node = node.name,
                  .object = slot.slot_name,
                  .cause = "unused",
                  .summary = "slot " + slot.slot_name + " on " + node.name + " is in use"};
  const Seconds unused = seen.inactive_for.value_or(Seconds{0});
  reading.values.push_back({.measure = "inactive", .value = unused.count(), .minimum = 0});
  if (!slot.active) {
    reading.summary =
        "slot " + slot.slot_name + " on " + node.name + " has been unused for " + time_text(unused);
    if (seen.retained) {
      const auto retained = static_cast<double>(*seen.retained);
      reading.summary += " and holds back " + bytes_text(retained) + " of WAL";
      reading.values.push_back({.measure = "retained", .value = retained, .minimum = 0});
    }
  }
  readings.found.push_back(std::move(reading));
}

Readings read_slot_active(const CheckFacts& facts) { return each_slot(facts, read_activity); }

// --- slot_retention ------------------------------------------------------------------------------

void read_retention(const NodeSnapshot& node, const ReplicationSlotRow& slot,
                    const SlotAnalysis& seen, Readings& readings) {
  if (!seen.retained) {  // lost, which slot_wal_status tells, or never used: it holds nothing back
    readings.absent.push_back(
        {.node = node.name, .reason = "slot " + slot.slot_name + " holds no WAL back"});
    return;
  }
  const auto retained = static_cast<double>(*seen.retained);
  readings.found.push_back({.node = node.name,
                            .object = slot.slot_name,
                            .cause = slot.active ? "slow_standby" : "unused",
                            .summary = "slot " + slot.slot_name + " on " + node.name +
                                       " holds back " + bytes_text(retained) + " of WAL",
                            .values = {{.measure = "retained", .value = retained, .minimum = 0}}});
}

Readings read_slot_retention(const CheckFacts& facts) { return each_slot(facts, read_retention); }

// --- slot_wal_status -----------------------------------------------------------------------------

void read_status(const NodeSnapshot& node, const ReplicationSlotRow& slot, const SlotAnalysis&,
                 Readings& readings) {
  Reading reading{.node = node.name,
                  .object = slot.slot_name,
                  .summary = "slot " + slot.slot_name + " on " + node.name + " is " +
                             slot.wal_status.value_or("not used yet")};
  if (is_lost(slot)) {
    reading.cause = "lost";
    reading.summary += ": its standby cannot continue from here";
  } else if (slot.wal_status == "unreserved") {
    reading.cause = "unreserved";
    reading.summary += ": the next checkpoint may remove WAL that it needs";
  } else if (slot.wal_status == "extended" && slot.safe_wal_size) {
    const auto safe = static_cast<double>(*slot.safe_wal_size);
    reading.cause = "near_limit";
    reading.summary += ", " + bytes_text(safe) + " before it is lost";
    reading.values.push_back({.measure = "safe", .value = safe, .minimum = 0});
  }
  readings.found.push_back(std::move(reading));
}

Readings read_slot_wal_status(const CheckFacts& facts) { return each_slot(facts, read_status); }

// --- tables --------------------------------------------------------------------------------------

constexpr double kGigabyte = 1024.0 * 1024 * 1024;

constexpr MeasureRow kActiveMeasures[] = {
    {.id = "inactive",
     .unit = Unit::seconds,
     .warning = 300,
     .critical = 3600,
     .source = "guide: WAL segments accumulating, unused slots; the times are ours"},
    {.id = "retained",
     .unit = Unit::bytes,
     .critical = kGigabyte,
     .source = "slot_retention's warning; only while the slot is unused",
     .critical_follows = {"slot_retention", "retained"}}};
constexpr MeasureRow kRetentionMeasures[] = {
    {.id = "retained",
     .unit = Unit::bytes,
     .warning = kGigabyte,
     .critical = 2 * kGigabyte,
     .source = "guide: wal_keep_size 1GB, WAL space 2GB at the least"}};
constexpr MeasureRow kStatusMeasures[] = {
    {.id = "safe",
     .unit = Unit::bytes,
     .bad = BadSide::below,
     .warning = kGigabyte,
     .source = "ours: one wal_keep_size before max_slot_wal_keep_size takes the slot"}};

constexpr std::string_view kDropOrReconnect =
    "bring its standby back, and WAL is released by itself\n"
    "or, if no standby will ever use it again: SELECT pg_drop_replication_slot('{object}');   -- "
    "on {node}";

constexpr CauseRow kActiveCauses[] = {
    {.id = "unused",
     .says = "Nobody uses the slot, and it keeps all WAL since then.",
     .fix = kDropOrReconnect}};
constexpr CauseRow kRetentionCauses[] = {
    {.id = "unused",
     .says = "Nobody uses the slot, and it keeps all WAL since then.",
     .fix = kDropOrReconnect},
    {.id = "slow_standby",
     .says = "The standby of the slot is connected and does not keep up.",
     .fix = "see check replay_lag: network, disk or replay of the standby\n"
            "psql -c 'SELECT application_name, state, sent_lsn, flush_lsn, replay_lsn FROM "
            "pg_stat_replication'   # on {node}"}};
constexpr CauseRow kStatusCauses[] = {
    {.id = "lost",
     .state = State::critical,
     .says = "WAL that the slot needs is gone: its standby must be built anew.",
     .fix = "SELECT pg_drop_replication_slot('{object}');   -- on {node}\n"
            "build the standby anew: pg_basebackup -d 'host={address} user=replicator "
            "application_name=STANDBY' -D DATADIR -P -R -X stream -C -S {object}"},
    {.id = "unreserved",
     .state = State::critical,
     .says = "WAL that the slot needs goes with one of the next checkpoints.",
     .fix = "ALTER SYSTEM SET max_slot_wal_keep_size = '...'; SELECT pg_reload_conf();   -- on "
            "{node}: raise it at once, if the disk has room\n"
            "bring the standby of slot {object} back"},
    {.id = "near_limit",
     .says = "The slot comes near max_slot_wal_keep_size.",
     .fix = "bring the standby of slot {object} back before the rest is written\n"
            "or raise max_slot_wal_keep_size on {node}, if the disk has room"}};

}  // namespace

constexpr CheckRow kSlotActive{.id = "slot_active",
                               .title = "Replication slots are in use",
                               .question = "Does an abandoned slot fill the disk?",
                               .topic = Topic::slots,
                               .hold = {.seconds = 0, .polls = 1},
                               .measures = kActiveMeasures,
                               .causes = kActiveCauses,
                               .source = "guide: WAL segments accumulating",
                               .read = read_slot_active};

constexpr CheckRow kSlotRetention{.id = "slot_retention",
                                  .title = "WAL that a slot holds back",
                                  .question = "Which slot keeps pg_wal big?",
                                  .topic = Topic::slots,
                                  .hold = {.seconds = 0, .polls = 1},
                                  .measures = kRetentionMeasures,
                                  .causes = kRetentionCauses,
                                  .source = "guide: wal_keep_size, WAL space",
                                  .read = read_slot_retention};

constexpr CheckRow kSlotWalStatus{.id = "slot_wal_status",
                                  .title = "The WAL of a slot is still there",
                                  .question = "Can the standby continue from where it stands?",
                                  .topic = Topic::slots,
                                  .hold = {.seconds = 0, .polls = 1},
                                  .measures = kStatusMeasures,
                                  .causes = kStatusCauses,
                                  .source = "PostgreSQL: pg_replication_slots.wal_status",
                                  .read = read_slot_wal_status};

static_assert(row_rules::is_sound(kSlotActive));
static_assert(row_rules::is_sound(kSlotRetention));
static_assert(row_rules::is_sound(kSlotWalStatus));

}  // namespace pgrepl::catalogue
