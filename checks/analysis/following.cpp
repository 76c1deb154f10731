// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/following.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "checks/analysis/lag.h"
#include "checks/analysis/walsender_match.h"

namespace pgrepl {
namespace {

/// What a poll shows of who sends to whom.
struct Sight {
  const ClusterSnapshot& snapshot;
  const ClusterPolicy& policy;

  std::size_t size() const { return snapshot.nodes.size(); }
  const NodeSnapshot& node(std::size_t i) const { return snapshot.nodes[i].postgres; }
};

bool is_primary(const NodeSnapshot& node) { return node.up() && !node.state->in_recovery; }

bool hides_walsenders(const NodeState& state) {
  return !state.has_pg_monitor || state.missing.wal_senders;
}

bool hides_receiver(const NodeState& state) {
  return state.missing.wal_receiver || (state.wal_receiver && !state.wal_receiver->status);
}

/// The only node that has this address; absent if none or several do, as on one machine.
std::optional<std::size_t> owner_of(const Sight& sight, const std::optional<std::string>& address) {
  std::optional<std::size_t> owner;
  if (!address) return owner;
  for (std::size_t i = 0; i < sight.policy.nodes.size() && i < sight.size(); ++i) {
    const auto& known = sight.policy.nodes[i].addresses;
    if (std::ranges::find(known, *address) == known.end()) continue;
    if (owner) return std::nullopt;
    owner = i;
  }
  return owner;
}

std::optional<std::size_t> named_sender(const Sight& sight, std::size_t standby) {
  const auto& receiver = sight.node(standby).state->wal_receiver;
  return receiver ? owner_of(sight, receiver->sender_host) : std::nullopt;
}

/// Whether `server`, which answers, has a walsender that serves the standby.  A shared address
/// proves nothing against a receiver that names another node, and a receiver takes nothing from
/// another system.
std::optional<WalsenderMatch> service(const Sight& sight, std::size_t server, std::size_t standby) {
  const NodeSnapshot& client = sight.node(standby);
  const auto match = match_walsender(sight.snapshot, sight.policy, server, standby);
  if (!match || !client.up()) return match;
  if (client.state->system_identifier != sight.node(server).state->system_identifier) {
    return std::nullopt;
  }
  const auto named = named_sender(sight, standby);
  if (match->by == MatchedBy::address && named && *named != server) return std::nullopt;
  return match;
}

/// How badly a server fits as the sender; the smallest is the best.  A connection that is gone
/// leaves its walsender behind for a while, without replies.
using Rank = std::tuple<bool, MatchedBy, Seconds, bool>;

Rank rank_of(const Sight& sight, const WalsenderMatch& match, bool is_named) {
  const NodeSnapshot& server = sight.node(match.node);
  const auto age = server.state->wal_senders[match.row].reply_age;
  return {!is_named, match.by, age.value_or(Seconds::max()), !is_primary(server)};
}

/// The node that serves the standby, by its walsenders and, among several, the receiver's word.
std::optional<std::size_t> server_of(const Sight& sight, std::size_t standby) {
  const auto named =
      sight.node(standby).up() ? named_sender(sight, standby) : std::optional<std::size_t>{};
  std::optional<std::size_t> found;
  Rank best{};
  for (std::size_t i = 0; i < sight.size(); ++i) {
    if (i == standby || !sight.node(i).up()) continue;
    const auto match = service(sight, i, standby);
    if (!match) continue;
    const Rank rank = rank_of(sight, *match, named == i);
    if (found && best <= rank) continue;
    found = i;
    best = rank;
  }
  return found;
}

/// Whether the server has a standby's walsender that belongs to none of the nodes, as far as can be
/// told: it may serve one that streams under another name from another address.
bool has_unclaimed_walsender(const Sight& sight, std::size_t server) {
  const auto& rows = sight.node(server).state->wal_senders;
  std::set<std::size_t> claimed;
  for (std::size_t i = 0; i < sight.size(); ++i) {
    if (i == server) continue;
    if (const auto match = service(sight, server, i)) claimed.insert(match->row);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const bool belongs_to_a_node =
        claimed.contains(r) || std::ranges::any_of(sight.snapshot.nodes, [&](const auto& node) {
          return node.postgres.name == rows[r].application_name;
        });
    const bool is_a_tool = rows[r].state == "backup" ||
                           rows[r].application_name == "pg_basebackup" ||
                           rows[r].application_name == "pg_receivewal";
    if (!belongs_to_a_node && !is_a_tool) return true;
  }
  return false;
}

/// The sender of a receiver that hears one, although no node shows a walsender for it.
Following unserved(const Sight& sight, std::size_t standby) {
  if (const auto named = named_sender(sight, standby); named && *named != standby) {
    if (sight.node(*named).up()) return {};
    return {.sender = SenderKind::silent_node, .node = named};
  }
  for (std::size_t i = 0; i < sight.size(); ++i) {
    if (i == standby || !sight.node(i).up()) continue;
    if (hides_walsenders(*sight.node(i).state) || has_unclaimed_walsender(sight, i)) return {};
  }
  return {.sender = SenderKind::stranger, .node = std::nullopt};
}

Following sender_of_answering(const Sight& sight, std::size_t standby) {
  const NodeSnapshot& node = sight.node(standby);
  const bool hidden = hides_receiver(*node.state);
  const auto server = server_of(sight, standby);
  if (server && (hidden || node.state->wal_receiver)) {
    return {.sender = SenderKind::node, .node = server};
  }
  if (hidden) return {};
  if (!hears_its_sender(node)) return {.sender = SenderKind::none, .node = std::nullopt};
  return unserved(sight, standby);
}

/// A walsender outlives its standby by wal_sender_timeout, so for a silent node it proves nothing;
/// but where every server shows all, its absence does.
Following sender_of_silent(const Sight& sight, std::size_t standby) {
  if (const auto server = server_of(sight, standby)) {
    return {.sender = SenderKind::unknown, .node = server};
  }
  bool somebody_writes = false;
  for (std::size_t i = 0; i < sight.size(); ++i) {
    if (!sight.node(i).up()) continue;
    if (hides_walsenders(*sight.node(i).state)) return {};
    somebody_writes |= is_primary(sight.node(i));
  }
  if (!somebody_writes) return {};
  return {.sender = SenderKind::none, .node = std::nullopt};
}

using Everybody = std::vector<std::optional<Following>>;

/// Walks from sender to sender.  Longer than there are nodes only a circle can be.
Reach reach_of(const Everybody& all, std::size_t start) {
  std::size_t at = start;
  for (std::size_t steps = 0; steps <= all.size(); ++steps) {
    const Following& here = *all[at];
    switch (here.sender) {
      case SenderKind::node:
        at = *here.node;
        if (!all[at]) return steps == 0 ? Reach::primary : Reach::through_standby;
        break;
      case SenderKind::silent_node:
        return all[*here.node]->sender == SenderKind::none ? Reach::elsewhere : Reach::unknown;
      case SenderKind::stranger:
        return Reach::elsewhere;
      case SenderKind::none:
        return Reach::nothing;
      case SenderKind::unknown:
        return Reach::unknown;
    }
  }
  return Reach::elsewhere;
}

}  // namespace

std::vector<std::optional<Following>> who_follows_whom(const ClusterSnapshot& snapshot,
                                                       const ClusterPolicy& policy) {
  const Sight sight{snapshot, policy};
  Everybody all(sight.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_primary(sight.node(i))) continue;
    all[i] = sight.node(i).up() ? sender_of_answering(sight, i) : sender_of_silent(sight, i);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]) all[i]->reach = reach_of(all, i);
  }
  return all;
}

}  // namespace pgrepl
