// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/lag_causes.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/slot_causes.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// A slot on a primary, and what is concluded of it.
struct SeenSlot {
  const CheckFacts& facts;
  const NodeSnapshot& node;
  const ReplicationSlotRow& slot;
  const SlotAnalysis& seen;

  /// "slot a2_slot on a1"
  std::string name() const { return "slot " + slot.slot_name + " on " + node.name; }

  /// The name of the configured node that it belongs to; empty if it belongs to none.
  std::string standby() const {
    return seen.use.node ? facts.snapshot.nodes[*seen.use.node].postgres.name : std::string{};
  }
};

/// Calls `take(slot, readings)` for every lasting slot of every primary; a
/// standby's own slots feed nobody until it is promoted.
template <class Take>
Readings each_slot(const CheckFacts& facts, Take take) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (!is_open_primary(facts, i, readings)) continue;
    if (const auto& failure = node.state->missing.slots) {
      readings.found.push_back(unknown(node.name, not_shown(node.name, "slots", *failure)));
      continue;
    }
    for (std::size_t s = 0; s < node.state->slots.size(); ++s) {
      const ReplicationSlotRow& slot = node.state->slots[s];
      if (slot.temporary) continue;
      take(SeenSlot{facts, node, slot, facts.analysis.nodes[i].slots[s]}, readings);
    }
    if (std::ranges::all_of(node.state->slots, &ReplicationSlotRow::temporary)) {
      readings.absent.push_back({.node = node.name, .reason = "the node has no lasting slot"});
    }
  }
  return readings;
}

bool is_lost(const ReplicationSlotRow& slot) { return slot.wal_status == "lost"; }

/// Why nobody uses it.
std::string_view why_unused(const SeenSlot& slot) {
  switch (slot.seen.use.owner) {
    case SlotOwner::standby:
      return kStandbyGone.id;
    case SlotOwner::nobody:
      return kOrphan.id;
    case SlotOwner::consumer:
      return kConsumerGone.id;
    default:
      return kUnused.id;
  }
}

/// Whose it is, as far as that is known.
std::string whose(const SeenSlot& slot) {
  switch (slot.seen.use.owner) {
    case SlotOwner::standby:
      return " of standby " + slot.standby();
    case SlotOwner::nobody:
      return ", which belongs to no configured standby,";
    default:
      return "";
  }
}

// --- slot_active ---------------------------------------------------------------------------------

/// A forecast that lies further off says nothing.
constexpr Seconds kFarOff{30.0 * 24 * 3600};

/// What comes first if it goes on so.
std::string what_comes(const SlotAnalysis& slot) {
  const Seconds lost = slot.lost_in.value_or(kFarOff);
  const Seconds full = slot.disk_full_in.value_or(kFarOff);
  if (std::min(lost, full) >= kFarOff) return "";
  if (lost <= full) return ", and is lost in about " + time_text(lost) + " at this rate";
  return ", and fills the disk in about " + time_text(full) + " at this rate";
}

void read_activity(const SeenSlot& slot, Readings& readings) {
  const Seconds unused = slot.seen.inactive_for.value_or(Seconds{0});
  Reading reading{.node = slot.node.name,
                  .object = slot.slot.slot_name,
                  .cause = is_lost(slot.slot) ? "lost" : why_unused(slot),
                  .summary = slot.name() + " is in use",
                  .values = {{.measure = "inactive", .value = unused.count(), .minimum = 0}},
                  .names = {{"standby", slot.standby()}},
                  .other_node = slot.standby()};
  if (!slot.slot.active) {
    reading.summary = slot.name() + whose(slot) + " has been unused for " + time_text(unused);
    if (slot.seen.retained) {
      const auto retained = static_cast<double>(*slot.seen.retained);
      reading.summary += " and holds back " + bytes_text(retained) + " of WAL";
      reading.values.push_back({.measure = "retained", .value = retained, .minimum = 0});
    }
    reading.summary += what_comes(slot.seen);
  }
  readings.found.push_back(std::move(reading));
}

Readings read_slot_active(const CheckFacts& facts) { return each_slot(facts, read_activity); }

// --- slot_retention ------------------------------------------------------------------------------

/// Why a slot that is in use holds WAL back.
std::string_view why_slow(const SeenSlot& slot) {
  return slot.seen.use.owner == SlotOwner::consumer ? "slow_consumer" : "slow_standby";
}

/// Less is what a burst of writes leaves behind for a moment.
constexpr double kMuch = 128.0 * 1024 * 1024;

/// What can be said of a slot that holds much back although it is in use, as the end of a sentence.
std::string slowness(const SeenSlot& slot, double retained) {
  if (!slot.slot.active || retained < kMuch) return "";
  if (slot.seen.use.owner == SlotOwner::consumer) return ", although its subscriber is connected";
  const auto& lag = slot.seen.use.node ? slot.facts.analysis.nodes[*slot.seen.use.node].lag
                                       : std::optional<StandbyLag>{};
  const std::string bottleneck{lag ? bottleneck_text(*lag) : std::string_view{}};
  return bottleneck.empty() ? ", although it is in use" : bottleneck;
}

void read_retention(const SeenSlot& slot, Readings& readings) {
  if (!slot.seen.retained) {  // lost, which slot_wal_status tells, or never used
    readings.absent.push_back(
        {.node = slot.node.name, .reason = "slot " + slot.slot.slot_name + " holds no WAL back"});
    return;
  }
  const auto retained = static_cast<double>(*slot.seen.retained);
  readings.found.push_back({.node = slot.node.name,
                            .object = slot.slot.slot_name,
                            .cause = slot.slot.active ? why_slow(slot) : why_unused(slot),
                            .summary = slot.name() + whose(slot) + " holds back " +
                                       bytes_text(retained) + " of WAL" + slowness(slot, retained) +
                                       (slot.slot.active ? what_comes(slot.seen) : ""),
                            .values = {{.measure = "retained", .value = retained, .minimum = 0}},
                            .names = {{"standby", slot.standby()}},
                            .other_node = slot.standby()});
}

Readings read_slot_retention(const CheckFacts& facts) { return each_slot(facts, read_retention); }

// --- slot_wal_status -----------------------------------------------------------------------------

std::string twice(std::optional<std::int64_t> retained) {
  constexpr std::int64_t kWhole = std::int64_t{1} << 30;
  return retained ? std::to_string(2 * *retained / kWhole + 1) + "GB" : std::string{};
}

void read_status(const SeenSlot& seen, Readings& readings) {
  const ReplicationSlotRow& slot = seen.slot;
  Reading reading{.node = seen.node.name,
                  .object = slot.slot_name,
                  .summary = seen.name() + " is " + slot.wal_status.value_or("not used yet"),
                  .names = {{"limit", twice(seen.seen.retained)}},
                  .other_node = seen.standby()};
  if (is_lost(slot)) {
    reading.cause = "lost";
    if (slot.invalidation_reason) reading.summary += " (" + *slot.invalidation_reason + ")";
    const std::string standby = seen.standby();
    reading.summary +=
        ": " + (standby.empty() ? "its standby" : standby) + " cannot continue from here";
  } else if (slot.wal_status == "unreserved") {
    reading.cause = "unreserved";
    reading.summary += ": the next checkpoint may remove WAL that it needs";
  } else if (slot.wal_status == "extended" && slot.safe_wal_size) {
    const auto safe = static_cast<double>(*slot.safe_wal_size);
    reading.cause = "near_limit";
    reading.summary += ", " + bytes_text(safe) + " before it is lost" + what_comes(seen.seen);
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

constexpr CauseRow kActiveCauses[] = {
    kStandbyGone,
    kOrphan,
    kConsumerGone,
    kUnused,
    {.id = "lost",
     .says = "The slot is lost: it keeps no WAL any more, and no standby can use it.",
     .fix = "see check slot_wal_status of {node}, slot {object}\n"
            "SELECT pg_drop_replication_slot('{object}');   -- on {node}"}};
constexpr CauseRow kRetentionCauses[] = {
    kStandbyGone,
    kOrphan,
    kConsumerGone,
    kUnused,
    {.id = "slow_standby",
     .says = "The standby of the slot is connected and does not keep up.",
     .fix = "see check replay_lag: network, disk or replay of the standby\n"
            "psql -c 'SELECT application_name, state, sent_lsn, flush_lsn, replay_lsn FROM "
            "pg_stat_replication'   # on {node}"},
    {.id = "slow_consumer",
     .says = "The subscriber of the logical slot is connected and does not keep up.",
     .fix = "SELECT database, plugin, restart_lsn, confirmed_flush_lsn FROM pg_replication_slots "
            "WHERE slot_name = '{object}';   -- on {node}\n"
            "look for a long transaction on {node}: it holds back what can be decoded"}};
constexpr std::string_view kRaiseLimitFix =
    "ALTER SYSTEM SET max_slot_wal_keep_size = '{limit}'; SELECT pg_reload_conf();   -- on {node}, "
    "at once, if the disk has room: twice what the slot holds\n"
    "bring what uses slot {object} back before the rest is written";
constexpr CauseRow kStatusCauses[] = {
    {.id = "lost",
     .state = State::critical,
     .says = "WAL that the slot needs is gone: its standby must be built anew.",
     .fix = "SELECT pg_drop_replication_slot('{object}');   -- on {node}\n"
            "what used it begins anew: a standby with pg_basebackup, as check replication says"},
    {.id = "unreserved",
     .state = State::critical,
     .says = "WAL that the slot needs goes with one of the next checkpoints.",
     .fix = kRaiseLimitFix},
    {.id = "near_limit",
     .says = "The slot comes near max_slot_wal_keep_size.",
     .fix = kRaiseLimitFix}};

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
