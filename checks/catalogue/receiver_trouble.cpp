// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/receiver_trouble.h"

#include <algorithm>

#include "checks/analysis/history.h"
#include "checks/analysis/removed_wal.h"
#include "checks/catalogue/readings.h"

namespace pgrepl::catalogue {
namespace {

/// A standby and the primary that it should follow, which both answer.
struct Pair {
  const CheckFacts& facts;
  const NodeSnapshot& primary;
  const NodeSnapshot& standby;
  const Settings& own;  ///< the standby's
};

const ReplicationSlotRow* find_slot(const NodeSnapshot& node, const std::string& name) {
  const auto found = std::ranges::find(node.state->slots, name, &ReplicationSlotRow::slot_name);
  return found == node.state->slots.end() ? nullptr : &*found;
}

/// Whether a third node has a slot of that name, so that the standby may be meant to follow it.
bool another_has_it(const Pair& pair, const std::string& slot) {
  return std::ranges::any_of(pair.facts.snapshot.nodes, [&](const NodeObservation& node) {
    const bool is_third =
        node.postgres.name != pair.primary.name && node.postgres.name != pair.standby.name;
    return is_third && (!node.postgres.up() || node.postgres.state->missing.slots ||
                        find_slot(node.postgres, slot) != nullptr);
  });
}

std::optional<ReceiverTrouble> no_upstream(const Pair& pair) {
  if (pair.own.upstream_configured != false) return std::nullopt;
  return ReceiverTrouble{kNoUpstream.id, "its primary_conninfo is empty", ""};
}

std::optional<ReceiverTrouble> slot_trouble(const Pair& pair) {
  const std::string name = pair.own.primary_slot_name.value_or("");
  if (name.empty() || pair.primary.state->missing.slots) return std::nullopt;
  const ReplicationSlotRow* slot = find_slot(pair.primary, name);
  if (slot != nullptr && slot->wal_status == "lost") {
    return ReceiverTrouble{kSlotLost.id,
                           "its slot " + name + " on " + pair.primary.name + " is lost", name};
  }
  if (slot != nullptr || another_has_it(pair, name)) return std::nullopt;
  return ReceiverTrouble{
      kSlotMissing.id,
      pair.primary.name + " has no slot " + name + ", which its primary_slot_name names", name};
}

std::optional<ReceiverTrouble> wal_removed(const Pair& pair) {
  if (needs_removed_wal(*pair.standby.state, *pair.primary.state) != true) return std::nullopt;
  const Lsn oldest = *pair.primary.state->wal_directory.value->oldest_lsn;
  return ReceiverTrouble{kWalRemoved.id,
                         "it needs WAL from " + to_string(*needed_wal(*pair.standby.state)) +
                             " on, and " + pair.primary.name + " has removed what is older than " +
                             to_string(oldest),
                         ""};
}

std::optional<ReceiverTrouble> no_walsender_free(const Pair& pair) {
  const auto& settings = pair.primary.state->settings.value;
  if (!settings || !settings->max_wal_senders || pair.primary.state->missing.wal_senders)
    return std::nullopt;
  const int limit = *settings->max_wal_senders;
  const auto used = static_cast<int>(pair.primary.state->wal_senders.size());
  if (used == 0 || used < limit) return std::nullopt;
  return ReceiverTrouble{
      kNoWalsenderFree.id,
      "all " + std::to_string(limit) + " walsenders of " + pair.primary.name + " are in use", ""};
}

}  // namespace

std::optional<ReceiverTrouble> receiver_trouble(const CheckFacts& facts, std::size_t standby) {
  const auto primary = facts.analysis.primary();
  const NodeSnapshot& node = facts.snapshot.nodes[standby].postgres;
  if (!primary || !node.up() || !node.state->settings.value) return std::nullopt;
  const auto& following = facts.analysis.nodes[standby].following;
  if (following && following->reach == Reach::elsewhere) return std::nullopt;
  const Pair pair{facts, facts.snapshot.nodes[*primary].postgres, node,
                  *node.state->settings.value};
  if (same_system(*node.state, *pair.primary.state) == false) return std::nullopt;
  for (const auto rule : {no_upstream, slot_trouble, wal_removed, no_walsender_free}) {
    if (auto found = rule(pair)) return found;
  }
  return std::nullopt;
}

}  // namespace pgrepl::catalogue
