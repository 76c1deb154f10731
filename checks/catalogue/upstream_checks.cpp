// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/history.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

const NodeSnapshot& node_at(const CheckFacts& facts, std::size_t i) {
  return facts.snapshot.nodes[i].postgres;
}

std::string sender_text(const CheckFacts& facts, const NodeSnapshot& standby,
                        const Following& following) {
  if (following.node && following.sender != SenderKind::unknown) {
    const NodeSnapshot& sender = node_at(facts, *following.node);
    return sender.name + (sender.up() ? "" : ", which does not answer");
  }
  const auto& receiver = standby.state->wal_receiver;
  std::string text = receiver && receiver->sender_host ? *receiver->sender_host : "a server";
  if (receiver && receiver->sender_port) text += " port " + std::to_string(*receiver->sender_port);
  return text + ", which is none of the nodes that answer";
}

/// Whether the chain of senders comes back to nodes that it has passed.
bool runs_in_a_circle(const CheckFacts& facts, std::size_t start) {
  std::size_t at = start;
  for (std::size_t steps = 0; steps <= facts.snapshot.nodes.size(); ++steps) {
    const auto& following = facts.analysis.nodes[at].following;
    if (!following || following->sender != SenderKind::node) return false;
    at = *following->node;
  }
  return true;
}

Reading elsewhere(const CheckFacts& facts, std::size_t i, const Following& following) {
  const NodeSnapshot& standby = node_at(facts, i);
  const std::string sender = sender_text(facts, standby, following);
  const std::string& primary = node_at(facts, *facts.analysis.primary()).name;
  const bool circle = runs_in_a_circle(facts, i);
  if (following.sender == SenderKind::node && !circle) {
    return unknown(standby.name, sender + ", from which it streams, does not follow " + primary);
  }
  return {.node = standby.name,
          .object = "",
          .cause = circle                                     ? "circle"
                   : following.sender == SenderKind::stranger ? "foreign"
                                                              : "other_node",
          .summary = standby.name + " streams from " + sender + ", and not from " + primary};
}

Because why_unknown(const CheckFacts& facts, const NodeSnapshot& standby,
                    const Following& following) {
  const NodeState& state = *standby.state;
  if (state.missing.wal_receiver)
    return not_shown(standby.name, "WAL receiver", *state.missing.wal_receiver);
  if (!state.has_pg_monitor) return lacks_pg_monitor(standby);
  if (const auto hidden = no_walsenders_seen(facts)) return *hidden;
  if (!primary_state(facts)->has_pg_monitor)
    return lacks_pg_monitor(node_at(facts, *facts.analysis.primary()));
  if (following.sender != SenderKind::unknown) {
    return "nobody tells whom " + sender_text(facts, standby, following) + ", follows";
  }
  return "no walsender is certainly that of " + standby.name;
}

/// What the upstream of a standby that answers is; absent if it has none, which replication judges.
std::optional<Reading> upstream_reading(const CheckFacts& facts, std::size_t i) {
  const NodeSnapshot& standby = node_at(facts, i);
  const Following& following = *facts.analysis.nodes[i].following;
  const NodeState& primary = *primary_state(facts);
  if (same_system(*standby.state, primary) == false) {
    return unknown(standby.name, standby.name + " is of another system than the primary");
  }
  switch (following.reach) {
    case Reach::primary:
    case Reach::through_standby: {
      std::string summary = standby.name + " streams from " + node_at(facts, *following.node).name;
      if (following.reach == Reach::through_standby) {
        summary +=
            ", a standby, and through it from " + node_at(facts, *facts.analysis.primary()).name;
      }
      return Reading{.node = standby.name, .object = "", .summary = std::move(summary)};
    }
    case Reach::elsewhere:
      return elsewhere(facts, i, following);
    case Reach::nothing:
      if (following.sender == SenderKind::none) return std::nullopt;
      return unknown(standby.name, sender_text(facts, standby, following) +
                                       ", from which it streams, follows nobody");
    case Reach::unknown:
      return unknown(standby.name, why_unknown(facts, standby, following));
  }
  return std::nullopt;
}

Readings read_upstream(const CheckFacts& facts) {
  Readings readings;
  const auto nobody = no_single_primary(facts);
  each_standby(facts, [&](std::size_t i, const NodeSnapshot& standby) {
    if (nobody) {
      readings.found.push_back(unknown(standby.name, *nobody));
    } else if (!standby.up()) {
      readings.found.push_back(unknown(standby.name, unreachable(standby)));
    } else if (auto reading = upstream_reading(facts, i)) {
      readings.found.push_back(std::move(*reading));
    } else {
      readings.absent.push_back(
          {.node = standby.name, .reason = "the node receives from nobody, see replication"});
    }
  });
  for_primaries(facts, readings);
  return readings;
}

constexpr std::string_view kPointToThePrimary =
    "psql -c 'SELECT sender_host, sender_port, slot_name FROM pg_stat_wal_receiver'   # on {node}\n"
    "psql -c \"ALTER SYSTEM SET primary_conninfo = '{primary_conninfo} user={replicator} "
    "application_name={node}'\" -c 'SELECT pg_reload_conf()'   # on {node}; with the password, or "
    "a passfile";

constexpr CauseRow kUpstreamCauses[] = {
    {.id = "foreign",
     .state = State::critical,
     .says = "The standby follows a server that is no node of this cluster: nothing that the "
             "primary writes reaches it for sure.",
     .fix = kPointToThePrimary},
    {.id = "other_node",
     .state = State::critical,
     .says = "The standby follows a node that does not follow the primary, perhaps an old primary "
             "that the monitor cannot reach.",
     .fix = kPointToThePrimary},
    {.id = "circle",
     .state = State::critical,
     .says = "Standbys follow each other in a circle: nothing new ever reaches them.",
     .fix = kPointToThePrimary},
};

}  // namespace

constexpr CheckRow kUpstream{.id = "upstream",
                             .title = "The standby follows the present primary",
                             .question = "Whom does the standby follow?",
                             .topic = Topic::replication,
                             .hold = {.seconds = 15, .polls = 1},
                             .causes = kUpstreamCauses,
                             .source = "ours: pg_stat_replication and pg_stat_wal_receiver",
                             .read = read_upstream};

static_assert(row_rules::is_sound(kUpstream));

}  // namespace pgrepl::catalogue
