// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/split_brain.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string names_of(const CheckFacts& facts, const std::vector<std::size_t>& nodes) {
  std::string text;
  for (const std::size_t i : nodes) {
    text += (text.empty() ? "" : " and ") + facts.snapshot.nodes[i].postgres.name;
  }
  return text;
}

Reading for_the_cluster(std::string_view cause, std::string summary) {
  return {.node = "", .object = "", .cause = cause, .summary = std::move(summary)};
}

/// One silent node proves no second primary, but it may be one.
Reading one_primary(const CheckFacts& facts) {
  std::vector<std::size_t> were_primary;
  for (const std::size_t i : facts.analysis.silent) {
    if (facts.analysis.nodes[i].last_role == Role::primary) were_primary.push_back(i);
  }
  std::string summary = names_of(facts, facts.analysis.primaries) + " is the only primary";
  if (!were_primary.empty()) {
    summary +=
        " that answers; " + names_of(facts, were_primary) + ", primary when last heard, does not";
  }
  return for_the_cluster("none", std::move(summary));
}

Reading split_brain(const CheckFacts& facts) {
  Reading reading =
      for_the_cluster("two_primaries", names_of(facts, facts.analysis.topology.nodes) +
                                           " are both primary " + split_brain_evidence(facts));
  reading.names = split_brain_names(facts);
  return reading;
}

/// Whichever it is, two nodes take writes.
Reading unidentified_primaries(const CheckFacts& facts) {
  std::string summary = names_of(facts, facts.analysis.topology.nodes) + " are both primary";
  for (const std::size_t i : facts.analysis.topology.nodes) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (!node.state->system_identifier) summary += ", and " + no_system_identifier(node);
  }
  return for_the_cluster("unidentified_primaries", std::move(summary));
}

/// Names the silent node that was primary, or may have been: what it is due to.
Reading none_is_primary(const CheckFacts& facts) {
  std::string summary = "no node is primary";
  const auto& silent = facts.analysis.silent;
  if (!silent.empty())
    summary +=
        ", and " + names_of(facts, silent) + (silent.size() == 1 ? " does" : " do") + " not answer";
  Reading reading = for_the_cluster("no_primary", std::move(summary));
  for (const std::size_t i : silent) {
    if (facts.analysis.nodes[i].last_role == Role::standby) continue;
    reading.other_node = facts.snapshot.nodes[i].postgres.name;
    if (facts.analysis.nodes[i].last_role == Role::primary) break;
  }
  return reading;
}

Reading by_rule(const CheckFacts& facts) {
  const std::string nodes = names_of(facts, facts.analysis.topology.nodes);
  switch (facts.analysis.topology.rule) {
    case TopologyRule::nobody_answers:
      return unknown("", {"no node answers", no_single_primary(facts)->node});
    case TopologyRule::two_primaries:
      return split_brain(facts);
    case TopologyRule::unidentified_primaries:
      return unidentified_primaries(facts);
    case TopologyRule::primaries_in_turn:
      return unknown("", nodes + " called themselves primary, one after the other: a switchover " +
                             "may be going on");
    case TopologyRule::unrelated_primaries:
      return for_the_cluster("unrelated_primaries",
                             nodes + " are both primary, and no copies of each other");
    case TopologyRule::silent_primary_feeds:
      return unknown("",
                     {nodes + " does not answer, yet feeds its standby: it is likely the primary",
                      no_single_primary(facts)->node});
    case TopologyRule::feed_hidden:
      return unknown("", {"no node that answers is primary, and " + nodes +
                              " does not show whether a silent one feeds it",
                          no_single_primary(facts)->node});
    case TopologyRule::no_primary:
      return none_is_primary(facts);
    default:
      return one_primary(facts);
  }
}

Readings read_cluster_role(const CheckFacts& facts) { return {.found = {by_rule(facts)}}; }

constexpr CauseRow kClusterRoleCauses[] = {
    {.id = "two_primaries",
     .state = State::critical,
     .hold = Hold{.seconds = 0, .polls = 1},
     .says = "Two nodes take writes: what is written to one of them will be lost.",
     .fix =
         "ip -brief address   # on {older} and on {newer}: which one has the virtual IP, so that "
         "clients write to it?\n"
         "systemctl stop 'postgresql@*'   # on the other one, now; under Pacemaker: pcs node "
         "standby, and see why fencing did not\n"
         "keep both data directories until it is clear what was written to which",
     .destroys_data = true},
    {.id = "unidentified_primaries",
     .state = State::critical,
     .hold = Hold{.seconds = 0, .polls = 1},
     .says =
         "Two nodes take writes, and do not tell whether they are copies of each other: if they "
         "are, what is written to one of them will be lost.",
     .fix =
         "psql -c 'SELECT system_identifier FROM pg_control_system()'   # on each, as superuser: "
         "copies have the same\n"
         "if they have: stop one of them now, the one without the virtual IP, and keep both data "
         "directories until it is clear what was written to which\n"
         "GRANT EXECUTE ON FUNCTION pg_control_system() TO {monitor};   -- on each",
     .destroys_data = true},
    {.id = "unrelated_primaries",
     .state = State::critical,
     .hold = Hold{.seconds = 0, .polls = 1},
     .says = "Two nodes take writes, each of its own system: one of them does not belong here.",
     .fix = "psql -c 'SELECT system_identifier FROM pg_control_system()'   # on each: which one is "
            "the cluster that clients know?\n"
            "correct the conninfo of the other one, or build it anew with pg_basebackup"},
    {.id = "no_primary",
     .state = State::critical,
     .says = "No node takes writes.",
     .fix = "crm_mon -1   # under Pacemaker: is a failover going on, or blocked?\n"
            "psql -c 'SELECT pg_promote()'   # without Pacemaker, on the standby, once the old "
            "primary is certainly dead"},
};

}  // namespace

constexpr CheckRow kClusterRole{.id = "cluster_role",
                                .title = "Exactly one node is primary",
                                .question = "Who takes the writes?",
                                .topic = Topic::role,
                                .hold = {.seconds = 15, .polls = 1},
                                .causes = kClusterRoleCauses,
                                .source = "guide: architecture, failover",
                                .read = read_cluster_role};

static_assert(row_rules::is_sound(kClusterRole));

}  // namespace pgrepl::catalogue
