// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <vector>

#include "checks/base/text.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string_view kind_text(WalsenderKind kind) {
  switch (kind) {
    case WalsenderKind::standby:
      return "a standby";
    case WalsenderKind::base_backup:
      return "a base backup";
    case WalsenderKind::wal_archive:
      return "a collector of WAL";
    case WalsenderKind::consumer:
      return "a logical subscriber";
  }
  return "a standby";
}

/// Whether a walsender feeds one of the configured nodes.
bool feeds_a_node(const CheckFacts& facts, const std::string& server, std::size_t row) {
  return std::ranges::any_of(facts.analysis.nodes, [&](const NodeAnalysis& node) {
    return node.walsender && node.walsender->row == row &&
           facts.snapshot.nodes[node.walsender->node].postgres.name == server;
  });
}

/// What uses walsenders beside the configured standbys, each once.
std::string others(const CheckFacts& facts, std::size_t i) {
  const NodeSnapshot& server = facts.snapshot.nodes[i].postgres;
  std::set<std::string> names;
  for (std::size_t row = 0; row < server.state->wal_senders.size(); ++row) {
    if (feeds_a_node(facts, server.name, row)) continue;
    const std::string& name = server.state->wal_senders[row].application_name;
    const WalsenderKind kind = facts.analysis.nodes[i].wal_senders[row].kind;
    names.insert((name.empty() ? "unnamed" : name) + " (" + std::string{kind_text(kind)} + ")");
  }
  if (names.empty()) return "";
  return ", not only standbys of this cluster use them: " +
         join(std::vector<std::string>(names.begin(), names.end()), ", ");
}

Readings read_wal_senders(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (!is_open_primary(facts, i, readings)) continue;
    if (const auto& failure = node.state->missing.wal_senders) {
      readings.found.push_back(unknown(node.name, not_shown(node.name, "walsenders", *failure)));
      continue;
    }
    const auto& settings = node.state->settings.value;
    if (!settings || !settings->max_wal_senders) {
      readings.found.push_back(
          unknown(node.name, not_read(node, "max_wal_senders", node.state->settings.failure)));
      continue;
    }
    const int limit = *settings->max_wal_senders;
    const int free = limit - static_cast<int>(node.state->wal_senders.size());
    readings.found.push_back(
        {.node = node.name,
         .object = "",
         .cause = "senders_used_up",
         .summary = std::to_string(free) + " of " + std::to_string(limit) + " walsenders of " +
                    node.name + " are free" + others(facts, i),
         .values = {{.measure = "free", .value = free, .minimum = 0, .maximum = limit}}});
  }
  return readings;
}

constexpr MeasureRow kFreeSenders[] = {
    {.id = "free",
     .unit = Unit::count,
     .bad = BadSide::below,
     .warning = 2,
     .critical = 1,
     .source = "guide: max_wal_senders; a base backup takes two"}};

constexpr CauseRow kWalSenderCauses[] = {
    {.id = "senders_used_up",
     .says = "Walsenders are nearly used up: a standby that reconnects may find no place.",
     .fix = "psql -c 'SELECT pid, application_name, client_addr, state FROM pg_stat_replication'   "
            "# on {node}: what is none of ours?\n"
            "raise max_wal_senders in postgresql.conf of {node}; it needs a restart"}};

}  // namespace

constexpr CheckRow kWalSenders{.id = "wal_senders",
                               .title = "Free walsenders on the primary",
                               .question = "Is there room for a standby to come back?",
                               .topic = Topic::replication,
                               .hold = {.seconds = 15, .polls = 1},
                               .measures = kFreeSenders,
                               .causes = kWalSenderCauses,
                               .source = "guide: max_wal_senders",
                               .read = read_wal_senders};

static_assert(row_rules::is_sound(kWalSenders));

}  // namespace pgrepl::catalogue
