// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/walsender_match.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

namespace pgrepl {
namespace {

using Rows = std::vector<StatReplicationRow>;
using Test = std::function<bool(const StatReplicationRow&)>;

double reply_age(const StatReplicationRow& row) {
  return row.reply_age ? row.reply_age->count() : std::numeric_limits<double>::infinity();
}

/// Whether `a` tells more about its standby than `b`: after a reconnect the old row lingers for a
/// while.
bool speaks_for(const StatReplicationRow& a, const StatReplicationRow& b) {
  const bool a_streams = a.state == "streaming" && a.replay_lsn;
  const bool b_streams = b.state == "streaming" && b.replay_lsn;
  if (a_streams != b_streams) return a_streams;
  return reply_age(a) < reply_age(b);
}

/// The best of the walsenders that feed a standby and fit; a base backup may bear its name.
std::optional<std::size_t> best(const NodeState& server, const Test& fits) {
  const Rows& rows = server.wal_senders;
  const std::vector<WalsenderKind> kinds = walsender_kinds(server);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kinds[i] != WalsenderKind::standby) continue;
    if (fits(rows[i]) && (!found || speaks_for(rows[i], rows[*found]))) found = i;
  }
  return found;
}

/// The slot that the standby says it uses.
std::optional<std::string> used_slot(const NodeSnapshot& standby) {
  if (!standby.up()) return std::nullopt;
  const NodeState& state = *standby.state;
  if (state.wal_receiver && state.wal_receiver->slot_name) return state.wal_receiver->slot_name;
  if (state.settings.value) return state.settings.value->primary_slot_name;
  return std::nullopt;
}

/// The process that holds a slot on the primary.
std::optional<int> slot_holder(const NodeState& primary, const std::optional<std::string>& slot) {
  if (!slot || slot->empty()) return std::nullopt;
  for (const ReplicationSlotRow& row : primary.slots) {
    if (row.slot_name == *slot) return row.active_pid;
  }
  return std::nullopt;
}

/// An address serves as an identity only if no other node of the cluster shares it.
bool is_address_of(const ClusterPolicy& policy, std::size_t standby, const std::string& address) {
  const auto has = [&](const NodePolicy& node) {
    return std::ranges::find(node.addresses, address) != node.addresses.end();
  };
  const auto owners = std::ranges::count_if(policy.nodes, has);
  return owners == 1 && has(policy.nodes[standby]);
}

}  // namespace

std::vector<std::size_t> distinct_walsenders(const Rows& rows) {
  std::map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto [place, is_new] = by_name.try_emplace(rows[i].application_name, i);
    if (!is_new && speaks_for(rows[i], rows[place->second])) place->second = i;
  }
  std::vector<std::size_t> indices;
  for (const auto& [name, index] : by_name) indices.push_back(index);
  return indices;
}

std::optional<WalsenderMatch> match_walsender(const ClusterSnapshot& snapshot,
                                              const ClusterPolicy& policy, std::size_t primary,
                                              std::size_t standby) {
  const NodeState& server = *snapshot.nodes[primary].postgres.state;
  const NodeSnapshot& client = snapshot.nodes[standby].postgres;
  const std::optional<int> holder = slot_holder(server, used_slot(client));
  const std::array<std::pair<MatchedBy, Test>, 3> ways{{
      {MatchedBy::application_name,
       [&](const StatReplicationRow& row) { return row.application_name == client.name; }},
      {MatchedBy::slot,
       [&](const StatReplicationRow& row) { return holder && row.pid == *holder; }},
      {MatchedBy::address,
       [&](const StatReplicationRow& row) {
         return row.client_addr && is_address_of(policy, standby, *row.client_addr);
       }},
  }};
  for (const auto& [by, fits] : ways) {
    if (const auto row = best(server, fits)) {
      return WalsenderMatch{.node = primary, .row = *row, .by = by};
    }
  }
  return std::nullopt;
}

}  // namespace pgrepl
