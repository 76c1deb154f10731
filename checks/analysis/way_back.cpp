// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/way_back.h"

#include <algorithm>
#include <iterator>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/removed_wal.h"
#include "checks/analysis/setting_limits.h"
#include "checks/analysis/way_back_advice.h"

namespace pgrepl {
namespace {

/// A node and the server that it would follow.
struct Return {
  const WayBack& way;
  const NodeSnapshot& node;
  const NodeAnalysis& seen;  ///< what is concluded of the node
  const NodeState& server;
  const Settings& server_settings;
  const std::vector<SlotAnalysis>& server_slots;  ///< parallel to server.slots
  std::optional<RejoinWay> rejoin;                ///< of a node that is out
  std::optional<bool> rewindable;                 ///< absent: its settings were never read
  bool names_its_slot;                            ///< it is out, and the slot that it uses is known
  bool shares_history;                            ///< it is out, and has nothing of its own
};

bool is_its_own(const Return& one, std::size_t slot) {
  return one.server_slots[slot].use.node == one.way.node;
}

/// Whether the server keeps all the WAL that a node needs which has used its slot until it was out.
bool own_slot_holds_wal(const Return& one) {
  for (std::size_t i = 0; i < one.server.slots.size(); ++i) {
    const ReplicationSlotRow& slot = one.server.slots[i];
    if (is_its_own(one, i) && slot.serves_standbys() && slot.restart_lsn) return true;
  }
  return false;
}

bool own_slot_is_lost(const Return& one) {
  if (!one.way.is_out) return false;
  bool is_lost = false;
  for (std::size_t i = 0; i < one.server.slots.size(); ++i) {
    if (!is_its_own(one, i)) continue;
    if (one.server.slots[i].serves_standbys()) return false;
    is_lost |= one.server.slots[i].wal_status == "lost";
  }
  return is_lost;
}

/// Whether the server no longer has WAL that the node needs.
bool wal_is_removed(const Return& one) {
  if (own_slot_is_lost(one)) return true;
  return one.way.is_out && one.node.up() && needs_removed_wal(*one.node.state, one.server) == true;
}

/// Absent: it does not tell, and nobody remembers it.
std::optional<bool> has_restore_command(const Return& one) {
  if (!one.node.up() || !one.node.state->settings.value) return std::nullopt;
  return one.node.state->settings.value->restore_configured;
}

/// What the server has removed may still come out of the archive, so that this alone does not say
/// that the node must be built anew.  pg_rewind fetches the WAL that it needs.
bool needs_base_backup(const Return& one) {
  if (!one.way.is_out) return one.rewindable == false;
  if (one.rejoin.value_or(RejoinWay::as_is) != RejoinWay::as_is)
    return one.rejoin == RejoinWay::base_backup;
  return wal_is_removed(one) && has_restore_command(one) == false;
}

bool needs_rewind(const Return& one) { return one.rejoin == RejoinWay::rewind; }

/// Of a node that does not answer the settings are not known.
bool limits_too_low(const Return& one) {
  if (!one.node.up() || !one.node.state->settings.value) return false;
  const Settings& own = *one.node.state->settings.value;
  return std::ranges::any_of(kStandbyLimits, [&](const StandbyLimit& limit) {
    return limit.is_below(own, one.server_settings);
  });
}

/// A connection that is gone leaves its walsender behind for a while, which then makes room.
bool has_no_walsender(const Return& one) {
  const auto most = one.server_settings.max_wal_senders;
  const bool leaves_one =
      one.way.is_out && one.seen.walsender && one.seen.walsender->node == one.way.server;
  return most && std::ssize(one.server.wal_senders) - (leaves_one ? 1 : 0) >= *most;
}

/// Its own, or one that is free: a physical slot serves whoever names it.
bool has_no_slot(const Return& one) {
  for (std::size_t i = 0; i < one.server.slots.size(); ++i) {
    const ReplicationSlotRow& slot = one.server.slots[i];
    if (!slot.serves_standbys()) continue;
    const bool is_free = !one.server_slots[i].use.node && !slot.active && !one.names_its_slot;
    if (is_its_own(one, i) || is_free) return false;
  }
  return true;
}

/// A lost slot is dropped first, which makes room.
bool has_no_free_slot(const Return& one) {
  const auto most = one.server_settings.max_replication_slots;
  return has_no_slot(one) && !own_slot_is_lost(one) && most &&
         std::ssize(one.server.slots) >= *most;
}

struct Rule {
  RejoinBlocker blocker;
  bool (*holds)(const Return&);
};

constexpr std::array kRules{Rule{RejoinBlocker::needs_base_backup, needs_base_backup},
                            Rule{RejoinBlocker::needs_rewind, needs_rewind},
                            Rule{RejoinBlocker::limits_too_low, limits_too_low},
                            Rule{RejoinBlocker::no_walsender, has_no_walsender},
                            Rule{RejoinBlocker::no_slot, has_no_slot},
                            Rule{RejoinBlocker::no_free_slot, has_no_free_slot}};
static_assert(kRules.size() == kRejoinBlockers.size());

std::vector<RejoinBlocker> blockers_of(const Return& one) {
  std::vector<RejoinBlocker> found;
  for (const Rule& rule : kRules) {
    if (rule.holds(one)) found.push_back(rule.blocker);
  }
  return found;
}

bool is_settled(const Return& one) {
  if (!one.way.is_out) return one.rewindable.has_value();
  if (needs_base_backup(one) || needs_rewind(one)) return true;
  if (wal_is_removed(one)) return false;  // an archive may have what it needs
  if (one.rejoin) return *one.rejoin == RejoinWay::as_is;
  return one.shares_history && own_slot_holds_wal(one);
}

std::optional<RejoinWay> rejoin_of(const NodeAnalysis& node) {
  return node.timeline ? node.timeline->rejoin : std::nullopt;
}

/// Whether a node that is not the primary is out.  One that does not answer may follow all the
/// same: what is said of its way back then holds, too.  One that lives on the archive is not out.
bool is_out(const NodeAnalysis& node) {
  if (node.role == Role::unknown) return node.last_role != Role::unknown;
  if (rejoin_of(node)) return true;
  const bool is_fed_from_archive = node.lag && node.lag->state == LagState::archive_only;
  if (!node.following || is_fed_from_archive) return false;
  return node.following->reach == Reach::nothing || node.following->reach == Reach::elsewhere;
}

bool has_slot_of(const NodeAnalysis& server, std::size_t node) {
  return std::ranges::any_of(server.slots,
                             [&](const SlotAnalysis& slot) { return slot.use.node == node; });
}

/// The primary; of a standby that hung on another one, and has its slot there only, that one.
std::size_t server_of(const ClusterAnalysis& all, std::size_t node, std::size_t primary) {
  if (rejoin_of(all.nodes[node]) || has_slot_of(all.nodes[primary], node)) return primary;
  for (std::size_t i = 0; i < all.nodes.size(); ++i) {
    const bool hands_on = i != node && all.nodes[i].is_fed();
    if (hands_on && has_slot_of(all.nodes[i], node)) return i;
  }
  return primary;
}

/// The nodes that are out; else the primary, behind the standby that would take its place.
std::vector<WayBack> who_returns(const ClusterAnalysis& all) {
  const auto primary = all.primary();
  if (!primary) return {};
  std::vector<WayBack> found;
  for (std::size_t i = 0; i < all.nodes.size(); ++i) {
    if (i != *primary && is_out(all.nodes[i]))
      found.push_back({.node = i, .server = server_of(all, i, *primary), .is_out = true});
  }
  const auto& candidate = all.readiness.candidate;
  if (found.empty() && candidate) found.push_back({.node = *primary, .server = *candidate});
  return found;
}

/// Whether the server shows all that decides over who can follow it.
bool is_open(const NodeSnapshot& server) {
  return server.up() && server.state->has_pg_monitor && server.state->settings.value &&
         !server.state->missing.slots && !server.state->missing.wal_senders;
}

std::optional<bool> rewindable(const ClusterMemory& memory, const std::string& node) {
  const auto known = memory.rewindable.find(node);
  return known == memory.rewindable.end() ? std::nullopt : std::optional{known->second};
}

/// Whether a standby that is out stands on the primary's history with nothing of its own.  A silent
/// one stood there when it last answered: a standby writes nothing, and on an older timeline it may
/// have got what the promoted one never had.
bool shares_history(const NodeSnapshot& node, const NodeAnalysis& seen, const NodeState& primary,
                    const ClusterMemory& memory) {
  if (node.up()) return seen.timeline && seen.timeline->descent == Descent::same;
  const auto last = memory.last_answer.find(node.name);
  return seen.last_role == Role::standby && last != memory.last_answer.end() &&
         primary.timeline == last->second.timeline &&
         primary.system_identifier == last->second.system_identifier;
}

void conclude(WayBack& way, const ClusterAnalysis& all, const ClusterSnapshot& now,
              const ClusterMemory& memory) {
  const NodeSnapshot& node = now.nodes[way.node].postgres;
  const NodeAnalysis& seen = all.nodes[way.node];
  const NodeState& server = *now.nodes[way.server].postgres.state;
  const NodeState& primary = *now.nodes[*all.primary()].postgres.state;
  const Return one{.way = way,
                   .node = node,
                   .seen = seen,
                   .server = server,
                   .server_settings = *server.settings.value,
                   .server_slots = all.nodes[way.server].slots,
                   .rejoin = way.is_out ? rejoin_of(seen) : std::nullopt,
                   .rewindable = rewindable(memory, node.name),
                   .names_its_slot = way.is_out && memory.used_slot.contains(node.name),
                   .shares_history = way.is_out && shares_history(node, seen, primary, memory)};
  way.is_settled = is_settled(one);
  way.blockers = blockers_of(one);
}

}  // namespace

void conclude_ways_back(ClusterAnalysis& all, const ClusterSnapshot& now,
                        const ClusterMemory& memory) {
  for (WayBack way : who_returns(all)) {
    if (!is_open(now.nodes[way.server].postgres)) continue;
    conclude(way, all, now, memory);
    std::ranges::move(advice_on(way, all, now, memory), std::back_inserter(all.advice));
    all.ways_back.push_back(std::move(way));
  }
}

}  // namespace pgrepl
