// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/analysis/lag.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
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

/// A receiver that is being fed proves that some primary lives, even one that we cannot reach.
bool somebody_is_fed(const CheckFacts& facts) {
  return std::ranges::any_of(facts.snapshot.nodes, hears_its_sender, &NodeObservation::postgres);
}

Readings read_cluster_role(const CheckFacts& facts) {
  const auto& primaries = facts.analysis.primaries;
  const auto& silent = facts.analysis.silent;
  if (primaries.size() == 1) {
    return {.found = {{.node = "",
                       .object = "",
                       .summary = names_of(facts, primaries) + " is the only primary"}}};
  }
  if (primaries.size() > 1) {
    return {.found = {{.node = "",
                       .object = "",
                       .cause = "two_primaries",
                       .summary = names_of(facts, primaries) + " are both primary"}}};
  }
  if (silent.size() == facts.snapshot.nodes.size())
    return {.found = {unknown("", "no node answers")}};
  if (!silent.empty() && somebody_is_fed(facts)) {
    return {.found = {unknown(
                "", names_of(facts, silent) +
                        " does not answer, yet feeds its standby: it is likely the primary")}};
  }
  std::string summary = "no node is primary";
  if (!silent.empty()) summary += ", and " + names_of(facts, silent) + " does not answer";
  return {
      .found = {{.node = "", .object = "", .cause = "no_primary", .summary = std::move(summary)}}};
}

constexpr CauseRow kClusterRoleCauses[] = {
    {.id = "two_primaries",
     .state = State::critical,
     .hold = Hold{.seconds = 0, .polls = 1},
     .says = "Two nodes take writes: what is written to one of them will be lost.",
     .fix = "stop writing: fence or stop the node that the virtual IP does not point to\n"
            "psql -c 'SELECT pg_current_wal_lsn(), pg_walfile_name(pg_current_wal_lsn())'   # on "
            "both: the higher timeline was promoted last\n"
            "keep both data directories until it is clear which one is right"},
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
