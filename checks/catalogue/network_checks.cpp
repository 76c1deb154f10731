// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// The node that this exporter runs on; null if it runs on none.
const NodePolicy* exporter_node(const CheckFacts& facts) {
  const auto& nodes = facts.policy.nodes;
  const auto here = std::ranges::find_if(nodes, &NodePolicy::exporter_is_local);
  return here == nodes.end() ? nullptr : &*here;
}

/// Why a node's round trip says nothing about the pair's network; absent if it does.
std::optional<std::string> no_round_trip(const NodePolicy* here, const NodePolicy& policy,
                                         const NodeSnapshot& node) {
  if (here == nullptr) return "this exporter runs on none of the nodes";
  if (policy.exporter_is_local) return "this exporter runs on " + node.name + " itself";
  if (node.up() && !node.state->round_trip) return "the session does not cross a network";
  return std::nullopt;
}

Readings read_network_latency(const CheckFacts& facts) {
  Readings readings;
  const NodePolicy* here = exporter_node(facts);
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (const auto reason = no_round_trip(here, facts.policy.nodes[i], node)) {
      readings.absent.push_back({.node = node.name, .reason = *reason});
    } else if (!node.up()) {
      readings.found.push_back(unknown(node.name, unreachable(node)));
    } else {
      const Seconds trip = *node.state->round_trip;
      readings.found.push_back(
          {.node = node.name,
           .object = "",
           .cause = "slow_network",
           .summary =
               "round trip from " + here->name + " to " + node.name + " is " + time_text(trip),
           .values = {{.measure = "round_trip", .value = trip.count(), .minimum = 0}}});
    }
  }
  return readings;
}

constexpr MeasureRow kRoundTrip[] = {
    {.id = "round_trip",
     .unit = Unit::seconds,
     .warning = 0.005,
     .source = "guide: network requirements, less than 5 ms for synchronous replication"}};

constexpr CauseRow kNetworkCauses[] = {
    {.id = "slow_network",
     .says = "The path between the nodes is slow; every synchronous commit pays for it.",
     .fix = "ping -c 20 {address}   # from the other node\n"
            "mtr -rwc 20 {address}   # where the time is lost"}};

}  // namespace

constexpr CheckRow kNetworkLatency{
    .id = "network_latency",
    .title = "Round trip between the nodes",
    .question = "Is the network good enough for synchronous commits?",
    .topic = Topic::network,
    .hold = {.seconds = 60, .polls = 2},
    .measures = kRoundTrip,
    .causes = kNetworkCauses,
    .source = "guide: network requirements",
    .read = read_network_latency};

static_assert(row_rules::is_sound(kNetworkLatency));

}  // namespace pgrepl::catalogue
