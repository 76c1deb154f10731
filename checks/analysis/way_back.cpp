// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/way_back.h"

#include <algorithm>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/setting_limits.h"
#include "checks/analysis/slot_owner.h"

namespace pgrepl {
namespace {

/// A node and the server that it would follow.
struct Return {
  const NodeSnapshot& node;
  const NodeState& server;
  const Settings& server_settings;
  const std::vector<SlotAnalysis>& server_slots;  ///< parallel to server.slots
  std::size_t index;                              ///< of the node
  std::optional<RejoinWay> way;                   ///< of a node that is out
  std::optional<bool> rewindable;                 ///< absent: its settings were never read
};

bool needs_base_backup(const Return& one) {
  return one.way ? one.way == RejoinWay::base_backup : one.rewindable == false;
}

bool needs_rewind(const Return& one) { return one.way == RejoinWay::rewind; }

/// Of a node that does not answer the settings are not known.
bool limits_too_low(const Return& one) {
  if (!one.node.up() || !one.node.state->settings.value) return false;
  const Settings& own = *one.node.state->settings.value;
  return std::ranges::any_of(kStandbyLimits, [&](const StandbyLimit& limit) {
    return limit.is_below(own, one.server_settings);
  });
}

bool has_no_walsender(const Return& one) {
  const auto most = one.server_settings.max_wal_senders;
  return most && std::ssize(one.server.wal_senders) >= *most;
}

/// Its own, or one that is free: a physical slot serves whoever names it.
bool has_no_slot(const Return& one) {
  for (std::size_t i = 0; i < one.server.slots.size(); ++i) {
    const ReplicationSlotRow& slot = one.server.slots[i];
    const bool keeps_wal =
        slot.slot_type == "physical" && !slot.temporary && slot.wal_status != "lost";
    const auto& owner = one.server_slots[i].use.node;
    if (keeps_wal && (owner ? *owner == one.index : !slot.active)) return false;
  }
  return true;
}

bool has_no_free_slot(const Return& one) {
  const auto most = one.server_settings.max_replication_slots;
  return has_no_slot(one) && most && std::ssize(one.server.slots) >= *most;
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

/// The node that is out; else the primary, behind the standby that would take its place.
std::optional<WayBack> who_returns(const ClusterAnalysis& all) {
  const auto primary = all.primary();
  if (!primary) return std::nullopt;
  for (std::size_t i = 0; i < all.nodes.size(); ++i) {
    if (all.nodes[i].timeline && all.nodes[i].timeline->rejoin)
      return WayBack{.node = i, .server = *primary, .is_out = true};
  }
  const auto& candidate = all.readiness.candidate;
  if (!candidate) return std::nullopt;
  return WayBack{.node = *primary, .server = *candidate};
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

std::vector<RejoinBlocker> blockers_of(const Return& one) {
  std::vector<RejoinBlocker> found;
  for (const Rule& rule : kRules) {
    if (rule.holds(one)) found.push_back(rule.blocker);
  }
  return found;
}

/// A slot that is created with `true` keeps WAL from that moment on.  On a standby nobody would
/// move it on, and it would fill the disk.
Advice slot_advice(const WayBack& way, const std::string& node, const std::string& server) {
  const std::string create =
      "SELECT pg_create_physical_replication_slot('" + slot_name_for(node) + "'";
  if (way.is_out)
    return {server,
            server + " has no slot for " + node + ": WAL that it needs may be gone when it is back",
            create + ", true);   -- on " + server};
  return {server, server + " has no slot that " + node + " could use after a failover",
          create + ");   -- on " + server + ", without true: it keeps WAL once it is used"};
}

/// Of a node that is out the checks `timeline` and `settings` tell most of it.
std::optional<Advice> advice_on(RejoinBlocker blocker, const WayBack& way,
                                const ClusterSnapshot& now) {
  const std::string& node = now.nodes[way.node].postgres.name;
  const std::string& server = now.nodes[way.server].postgres.name;
  const std::string raise = "   -- on " + server + ", more than now; needs a restart";
  switch (blocker) {
    case RejoinBlocker::needs_base_backup:
      if (way.is_out) return std::nullopt;
      return Advice{node,
                    "after a failover " + node +
                        " would have to be built anew: without wal_log_hints or data checksums "
                        "pg_rewind refuses it",
                    "ALTER SYSTEM SET wal_log_hints = on;   -- on " + node + " and " + server +
                        "; needs a restart"};
    case RejoinBlocker::limits_too_low:
      if (way.is_out) return std::nullopt;
      return Advice{node,
                    "after a failover " + node +
                        " would not replay: a limit of it is below that of " + server,
                    "psql -c 'SHOW max_connections'   # on both; likewise max_worker_processes, "
                    "max_wal_senders, max_prepared_transactions, max_locks_per_transaction"};
    case RejoinBlocker::no_walsender:
      return Advice{server, server + " has no free walsender for " + node,
                    "ALTER SYSTEM SET max_wal_senders = 10;" + raise};
    case RejoinBlocker::no_slot:
      return slot_advice(way, node, server);
    case RejoinBlocker::no_free_slot:
      return Advice{server, server + " has no room for a slot of " + node,
                    "ALTER SYSTEM SET max_replication_slots = 20;" + raise};
    case RejoinBlocker::needs_rewind:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void conclude_way_back(ClusterAnalysis& all, const ClusterSnapshot& now,
                       const ClusterMemory& memory) {
  std::optional<WayBack> way = who_returns(all);
  if (!way || !is_open(now.nodes[way->server].postgres)) return;
  const NodeSnapshot& node = now.nodes[way->node].postgres;
  const NodeState& server = *now.nodes[way->server].postgres.state;
  const Return one{.node = node,
                   .server = server,
                   .server_settings = *server.settings.value,
                   .server_slots = all.nodes[way->server].slots,
                   .index = way->node,
                   .way = way->is_out ? all.nodes[way->node].timeline->rejoin : std::nullopt,
                   .rewindable = rewindable(memory, node.name)};
  way->is_settled = way->is_out ? one.way != RejoinWay::unknown : one.rewindable.has_value();
  way->blockers = blockers_of(one);
  for (const RejoinBlocker blocker : way->blockers) {
    if (auto advice = advice_on(blocker, *way, now)) all.advice.push_back(std::move(*advice));
  }
  all.way_back = std::move(way);
}

}  // namespace pgrepl
