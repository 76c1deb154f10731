// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/other_clients.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "checks/analysis/history.h"
#include "checks/analysis/walsender_kind.h"

namespace pgrepl {
namespace {

/// The walsender under the standby's own name that has had a reply since the poll before.
const StatReplicationRow* replied(const NodeSnapshot& server, const std::string& standby,
                                  const ClusterMemory& memory, SteadyTime now) {
  for (const StatReplicationRow& row : server.state->wal_senders) {
    if (row.application_name != standby || !row.reply_time_us) continue;
    const auto since =
        memory.reply_since.find({server.name, WalsenderReply{row.pid, *row.reply_time_us}});
    if (since != memory.reply_since.end() && since->second == now) return &row;
  }
  return nullptr;
}

std::set<int> pids_of(const NodeSnapshot& server) {
  std::set<int> pids;
  for (const StatReplicationRow& row : server.state->wal_senders) pids.insert(row.pid);
  return pids;
}

/// All walsenders of a server that were there in the poll before, but `own`, are others'.
void note_others(ClusterMemory& memory, const NodeSnapshot& server, const std::string& standby,
                 const StatReplicationRow* own) {
  std::set<int>& others = memory.others_walsenders[{server.name, standby}];
  for (const int pid : memory.last_walsenders[server.name]) {
    if (own == nullptr || pid != own->pid) others.insert(pid);
  }
}

void forget_gone(ClusterMemory& memory, const NodeSnapshot& server, const std::set<int>& pids) {
  for (auto& [key, others] : memory.others_walsenders) {
    if (key.first != server.name) continue;
    std::erase_if(others, [&](int pid) { return !pids.contains(pid); });
  }
}

bool may_share_system(const NodeSnapshot& a, const NodeSnapshot& b) {
  return a.up() && b.up() && same_system(*a.state, *b.state) != false;
}

}  // namespace

void note_other_clients(ClusterMemory& memory, const ClusterSnapshot& now) {
  for (const NodeObservation& standby : now.nodes) {
    const std::string& name = standby.postgres.name;
    for (const NodeObservation& server : now.nodes) {
      if (!server.postgres.up()) continue;
      const StatReplicationRow* own = replied(server.postgres, name, memory, now.taken.steady);
      if (own == nullptr) continue;
      for (const NodeObservation& any : now.nodes) {
        // Another system's client of that name is another server.
        if (may_share_system(any.postgres, server.postgres))
          note_others(memory, any.postgres, name, &any == &server ? own : nullptr);
      }
    }
  }
  for (const NodeObservation& server : now.nodes) {
    if (!server.postgres.up()) continue;
    const std::set<int> pids = pids_of(server.postgres);
    forget_gone(memory, server.postgres, pids);
    memory.last_walsenders[server.postgres.name] = pids;
  }
}

bool is_known_as_anothers(const ClusterMemory& memory, const std::string& server,
                          const std::string& standby, int pid) {
  const auto known = memory.others_walsenders.find({server, standby});
  return known != memory.others_walsenders.end() && known->second.contains(pid);
}

bool may_be_served(const ClusterSnapshot& now, const ClusterMemory& memory, std::size_t standby) {
  const std::string& name = now.nodes[standby].postgres.name;
  const auto is_anothers = [&](const NodeSnapshot& server, const StatReplicationRow& row) {
    if (row.application_name == name) return false;
    if (is_known_as_anothers(memory, server.name, name, row.pid)) return true;
    return std::ranges::any_of(now.nodes, [&](const NodeObservation& node) {
      return node.postgres.name == row.application_name;
    });
  };
  return std::ranges::any_of(now.nodes, [&](const NodeObservation& node) {
    if (!node.postgres.up()) return false;
    const NodeState& state = *node.postgres.state;
    if (!state.has_pg_monitor || state.missing.wal_senders) return true;
    const std::vector<WalsenderKind> kinds = walsender_kinds(state);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (kinds[i] == WalsenderKind::standby && !is_anothers(node.postgres, state.wal_senders[i]))
        return true;
    }
    return false;
  });
}

}  // namespace pgrepl
