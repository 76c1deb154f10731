// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/readings.h"

namespace pgrepl::catalogue {

namespace {

/// The silent node that is the likeliest primary: the one that was when it was last heard, else one
/// that was never heard.
std::optional<std::size_t> likely_primary(const CheckFacts& facts) {
  for (const Role role : {Role::primary, Role::unknown, Role::standby}) {
    for (const std::size_t i : facts.analysis.silent) {
      if (facts.analysis.nodes[i].last_role == role) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

Because unreachable(const NodeSnapshot& node) {
  return {"node " + node.name + " is unreachable (" +
              std::string{to_string(node.state.error().reason)} + ")",
          node.name};
}

Because not_read(const NodeSnapshot& node, std::string_view what,
                 const std::optional<Failure>& failure) {
  std::string text = std::string{what} + " of " + node.name;
  if (!failure) return {text + " was not read yet", node.name};
  return {text + " could not be read: " + failure->message, node.name};
}

Because lacks_pg_monitor(const NodeSnapshot& node) {
  return {"the monitoring role lacks pg_monitor on " + node.name, node.name};
}

std::optional<Because> no_single_primary(const CheckFacts& facts) {
  const auto& primaries = facts.analysis.primaries;
  if (primaries.size() == 1) return std::nullopt;
  if (primaries.size() > 1) return std::to_string(primaries.size()) + " nodes are primary";
  if (const auto silent = likely_primary(facts)) {
    const Because why = unreachable(facts.snapshot.nodes[*silent].postgres);
    return Because{"no primary answers and " + why.text, why.node};
  }
  return "no node is primary";
}

std::optional<Because> no_walsenders_seen(const CheckFacts& facts) {
  const NodeState* primary = primary_state(facts);
  if (primary == nullptr) return no_single_primary(facts);
  if (!primary->missing.wal_senders) return std::nullopt;
  return not_shown(facts.snapshot.nodes[*facts.analysis.primary()].postgres.name, "walsenders",
                   *primary->missing.wal_senders);
}

const NodeState* primary_state(const CheckFacts& facts) {
  const auto primary = facts.analysis.primary();
  return primary ? &*facts.snapshot.nodes[*primary].postgres.state : nullptr;
}

std::string not_shown(const std::string& node, std::string_view part, const Failure& failure) {
  return node + " does not show its " + std::string{part} + ": " + failure.message;
}

namespace {

std::string not_told(const std::string& node, std::string_view part,
                     const std::optional<Failure>& failure) {
  if (failure) return not_shown(node, part, *failure);
  return node + " does not show its " + std::string{part};
}

}  // namespace

std::string no_system_identifier(const NodeSnapshot& node) {
  return not_told(node.name, "system identifier", node.state->missing.system_identifier);
}

std::string no_timeline(const NodeSnapshot& node) {
  return not_told(node.name, "timeline", node.state->missing.timeline);
}

bool is_open_primary(const CheckFacts& facts, std::size_t node, Readings& readings) {
  const NodeSnapshot& seen = facts.snapshot.nodes[node].postgres;
  if (seen.up()) {
    if (seen.state->in_recovery)
      readings.absent.push_back({.node = seen.name, .reason = "the node is a standby"});
    return !seen.state->in_recovery;
  }
  const Role last = facts.analysis.nodes[node].last_role;
  const bool another_is = last == Role::unknown && !facts.analysis.primaries.empty();
  if (last == Role::standby || another_is) {
    readings.absent.push_back(
        {.node = seen.name,
         .reason = unreachable(seen).text +
                   (another_is ? ", and another node is primary" : ", last heard as a standby")});
  } else {
    readings.found.push_back(unknown(seen.name, unreachable(seen)));
  }
  return false;
}

bool is_silent_primary(const CheckFacts& facts, std::size_t node) {
  const NodeAnalysis& seen = facts.analysis.nodes[node];
  return seen.role == Role::unknown && seen.last_role == Role::primary &&
         facts.analysis.primaries.empty();
}

Reading unknown(const std::string& node, Because because, const std::string& object) {
  return {.node = node,
          .object = object,
          .unknown_because = std::move(because.text),
          .other_node = std::move(because.node)};
}

bool has_host(const CheckFacts& facts, std::size_t node, Readings& readings) {
  const std::string& name = facts.snapshot.nodes[node].postgres.name;
  if (!facts.policy.nodes[node].host_configured) {
    readings.absent.push_back(
        {.node = name,
         .kind = Absence::Kind::not_configured,
         .reason =
             "node " + name + " has no host source; set host = {...} in its [[cluster.node]]"});
    return false;
  }
  if (facts.snapshot.nodes[node].host) return true;
  readings.found.push_back(unknown(name, "the machine of " + name + " was not read yet"));
  return false;
}

std::string bytes_text(double bytes) { return humanize(bytes, Unit::bytes); }

std::string time_text(Seconds length) { return humanize(length.count(), Unit::seconds); }

void for_primaries(const CheckFacts& facts, Readings& readings) {
  const auto& primaries = facts.analysis.primaries;
  for (const std::size_t i : facts.analysis.silent) {
    if (!is_silent_primary(facts, i)) continue;
    const std::string& node = facts.snapshot.nodes[i].postgres.name;
    readings.absent.push_back(
        {.node = node, .reason = "node " + node + " was last heard as primary"});
  }
  for (const std::size_t i : primaries) {
    const std::string& node = facts.snapshot.nodes[i].postgres.name;
    if (primaries.size() == 1) {
      readings.absent.push_back({.node = node, .reason = "the node is the primary"});
    } else {
      readings.found.push_back(unknown(node, *no_single_primary(facts)));
    }
  }
}

}  // namespace pgrepl::catalogue
