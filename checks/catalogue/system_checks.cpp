// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "checks/catalogue/fix_lines.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/rejoin.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// The system that the others are compared with: the only primary's, else the one that most of the
/// nodes have that tell it.  Absent: the primary does not tell it, or they are divided.
std::optional<std::string> common_system(const CheckFacts& facts) {
  if (const NodeState* primary = primary_state(facts)) return primary->system_identifier;
  std::map<std::string, std::size_t> counts;
  std::size_t answers = 0;
  for (const NodeObservation& node : facts.snapshot.nodes) {
    if (!node.postgres.up() || !node.postgres.state->system_identifier) continue;
    ++counts[*node.postgres.state->system_identifier];
    ++answers;
  }
  for (const auto& [system, count] : counts) {
    if (2 * count > answers) return system;
  }
  return std::nullopt;
}

Reading system_reading(const CheckFacts& facts, std::size_t i,
                       const std::optional<std::string>& common) {
  const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
  if (!node.up()) return unknown(node.name, unreachable(node));
  const auto& own = node.state->system_identifier;
  if (!own) return unknown(node.name, no_system_identifier(node));
  const auto primary = facts.analysis.primary();
  if (primary && !common) {
    return unknown(node.name, no_system_identifier(facts.snapshot.nodes[*primary].postgres));
  }
  Reading reading{.node = node.name, .object = "", .summary = node.name + " is of system " + *own};
  if (own == common) return reading;
  reading.cause = primary ? "other_system" : "unrelated_systems";
  reading.names = rejoin_names(facts, i);
  reading.summary +=
      primary  ? ", but " + facts.snapshot.nodes[*primary].postgres.name + " is of " + *common
      : common ? ", but the others are of " + *common
               : ", and the others are of another one";
  return reading;
}

Readings read_system_identifier(const CheckFacts& facts) {
  Readings readings;
  const auto common = common_system(facts);
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    readings.found.push_back(system_reading(facts, i, common));
  }
  return readings;
}

constexpr auto kOtherSystemFix = fix_lines(
    "psql -c 'SELECT system_identifier FROM pg_control_system()'   # on {node} and on {primary}: "
    "copies have the same",
    "if the conninfo of {node} points to the wrong server, correct it: pgrepl_exporter "
    "check-config",
    "else build {node} anew:", kBaseBackupFix);

constexpr CauseRow kSystemCauses[] = {
    {.id = "other_system",
     .state = State::critical,
     .says = "The node is no copy of this cluster: initdb made it on its own, or the configuration "
             "points to the wrong server.",
     .fix = kOtherSystemFix},
    {.id = "unrelated_systems",
     .state = State::critical,
     .says = "The nodes are no copies of each other, and no single primary shows which of them is "
             "the right "
             "one: the configuration points to servers that do not belong together.",
     .fix = "psql -c 'SELECT system_identifier, pg_is_in_recovery() FROM pg_control_system()'   # "
            "on every "
            "node\n"
            "psql -c \"SELECT datname, usename, client_addr, count(*) FROM pg_stat_activity WHERE "
            "backend_type = 'client backend' GROUP BY 1, 2, 3\"   # on every node: which one do "
            "clients use?\n"
            "correct the conninfo that points to the wrong server: pgrepl_exporter check-config"}};

}  // namespace

constexpr CheckRow kSystemIdentifier{.id = "system_identifier",
                                     .title = "All nodes are copies of one cluster",
                                     .question = "Do the nodes belong together?",
                                     .topic = Topic::role,
                                     .hold = {.seconds = 0, .polls = 1},
                                     .causes = kSystemCauses,
                                     .source = "ours: pg_control_system()",
                                     .read = read_system_identifier};

static_assert(row_rules::is_sound(kSystemIdentifier));

}  // namespace pgrepl::catalogue
