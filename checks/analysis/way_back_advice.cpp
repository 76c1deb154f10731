// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/way_back_advice.h"

#include <algorithm>
#include <optional>
#include <string>

#include "checks/analysis/slot_owner.h"

namespace pgrepl {
namespace {

/// A way back, and all that tells how to pave it.
struct Journey {
  const WayBack& way;
  const NodeSnapshot& seen;                ///< of the node
  const std::string& node;                 ///< name
  const std::string& server;               ///< name
  const std::vector<SlotAnalysis>& slots;  ///< the server's
  std::optional<std::string> used_slot;    ///< of the node; absent: none, or not known
};

/// `replication` tells which slot or walsender a node that is out and answers lacks.
bool asks_for_its_slot(const Journey& one) {
  return one.way.is_out && one.seen.up() && one.used_slot;
}

/// `slot_wal_status` tells of it.
bool has_lost_its_slot(const Journey& one) {
  return one.way.is_out && std::ranges::any_of(one.slots, [&](const SlotAnalysis& slot) {
           return slot.use.node == one.way.node;
         });
}

/// A slot that is created with `true` keeps WAL from that moment on.  On a standby nobody would
/// move it on, and it would fill the disk.
std::optional<Advice> slot_advice(const Journey& one) {
  if (asks_for_its_slot(one) || has_lost_its_slot(one)) return std::nullopt;
  const auto& [way, seen, node, server, slots, used_slot] = one;
  const std::string create = "SELECT pg_create_physical_replication_slot('" +
                             (way.is_out && used_slot ? *used_slot : slot_name_for(node)) + "'";
  if (way.is_out)
    return Advice{
        server,
        server + " has no slot for " + node + ": WAL that it needs may be gone when it is back",
        create + ", true);   -- on " + server};
  return Advice{server, server + " has no slot that " + node + " could use after a failover",
                create + ");   -- on " + server + ", without true: it keeps WAL once it is used"};
}

std::optional<Advice> base_backup_advice(const Journey& one) {
  if (one.way.is_out) return std::nullopt;
  return Advice{one.node,
                "after a failover " + one.node +
                    " would have to be built anew: without wal_log_hints or data checksums "
                    "pg_rewind refuses it",
                "ALTER SYSTEM SET wal_log_hints = on;   -- on " + one.node + " and " + one.server +
                    "; needs a restart"};
}

std::optional<Advice> limits_advice(const Journey& one) {
  if (one.way.is_out) return std::nullopt;
  return Advice{one.node,
                "after a failover " + one.node +
                    " would not replay: a limit of it is below that of " + one.server,
                "psql -c 'SHOW max_connections'   # on both; likewise max_worker_processes, "
                "max_wal_senders, max_prepared_transactions, max_locks_per_transaction"};
}

/// Of a node that is out the checks `timeline` and `settings` tell most of it.
std::optional<Advice> advice_on(RejoinBlocker blocker, const Journey& one) {
  switch (blocker) {
    case RejoinBlocker::needs_base_backup:
      return base_backup_advice(one);
    case RejoinBlocker::limits_too_low:
      return limits_advice(one);
    case RejoinBlocker::no_walsender:
      return Advice{one.server, one.server + " has no free walsender for " + one.node,
                    "psql -c 'SHOW max_wal_senders'   # on " + one.server +
                        ": raise it, on standbys first; needs a restart of each"};
    case RejoinBlocker::no_slot:
      return slot_advice(one);
    case RejoinBlocker::no_free_slot:
      return Advice{one.server, one.server + " has no room for a slot of " + one.node,
                    "psql -c 'SHOW max_replication_slots'   # on " + one.server +
                        ": raise it, which needs a restart, or drop a slot that nobody needs"};
    case RejoinBlocker::needs_rewind:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Advice> advice_on(const WayBack& way, const ClusterAnalysis& all,
                              const ClusterSnapshot& now, const ClusterMemory& memory) {
  const NodeSnapshot& node = now.nodes[way.node].postgres;
  const auto used = memory.used_slot.find(node.name);
  const Journey one{
      .way = way,
      .seen = node,
      .node = node.name,
      .server = now.nodes[way.server].postgres.name,
      .slots = all.nodes[way.server].slots,
      .used_slot = used == memory.used_slot.end() ? std::nullopt : std::optional{used->second}};
  std::vector<Advice> found;
  for (const RejoinBlocker blocker : way.blockers) {
    if (auto advice = advice_on(blocker, one)) found.push_back(std::move(*advice));
  }
  return found;
}

}  // namespace pgrepl
