// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/following.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "checks/analysis/history.h"
#include "checks/analysis/lag.h"
#include "checks/analysis/other_clients.h"
#include "checks/analysis/walsender_match.h"

namespace pgrepl {
namespace {

/// What a poll shows of who sends to whom.
struct Sight {
  const ClusterSnapshot& snapshot;
  const ClusterMemory& memory;
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
/// proves nothing against a receiver that names another node, nor for a client that was there
/// beside the standby's own; and a receiver takes nothing from another system.
std::optional<WalsenderMatch> service(const Sight& sight, std::size_t server, std::size_t standby) {
  const NodeSnapshot& client = sight.node(standby);
  const auto match = match_walsender(sight.snapshot, sight.policy, server, standby);
  if (!match || !client.up()) return match;
  if (same_system(*client.state, *sight.node(server).state) == false) return std::nullopt;
  const auto named = named_sender(sight, standby);
  if (match->by == MatchedBy::address && named && *named != server) return std::nullopt;
  const int pid = sight.node(server).state->wal_senders[match->row].pid;
  if (is_known_as_anothers(sight.memory, sight.node(server).name, client.name, pid))
    return std::nullopt;
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

/// Whether the receiver has heard its sender since the servers that answer were first seen without
/// a walsender for it.  A connection that breaks looks to its two ends as if it ended at different
/// times, up to a minute apart.
bool hears_another(const Sight& sight, std::size_t standby) {
  const NodeSnapshot& node = sight.node(standby);
  const auto unserved = sight.memory.unserved_since.find(node.name);
  if (unserved == sight.memory.unserved_since.end()) return false;
  const Seconds since = elapsed(unserved->second, node.state->position_read.began);
  return *node.state->wal_receiver->last_message_age < since;
}

/// The sender of a receiver that hears one, although no node shows a walsender for it.
Following unserved(const Sight& sight, std::size_t standby) {
  const auto named = named_sender(sight, standby);
  const bool names_one_that_answers = named && sight.node(*named).up();
  const bool somebody_writes =
      std::ranges::any_of(sight.snapshot.nodes, is_primary, &NodeObservation::postgres);
  if (may_be_served(sight.snapshot, sight.memory, standby)) return {};
  if (somebody_writes && !hears_another(sight, standby)) {
    return {.sender = SenderKind::none, .node = std::nullopt};
  }
  if (names_one_that_answers) return {};
  if (named) return {.sender = SenderKind::silent_node, .node = named};
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
                                                       const ClusterMemory& memory,
                                                       const ClusterPolicy& policy) {
  const Sight sight{snapshot, memory, policy};
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

void note_unserved(ClusterMemory& memory, const ClusterSnapshot& now) {
  const bool somebody_writes =
      std::ranges::any_of(now.nodes, is_primary, &NodeObservation::postgres);
  for (std::size_t i = 0; i < now.nodes.size(); ++i) {
    const NodeSnapshot& node = now.nodes[i].postgres;
    const bool receives = node.up() && node.state->in_recovery && node.state->wal_receiver;
    if (receives && somebody_writes && !may_be_served(now, memory, i)) {
      memory.unserved_since.try_emplace(node.name, now.taken.steady);
    } else {
      memory.unserved_since.erase(node.name);
    }
  }
}

}  // namespace pgrepl
