// SPDX-License-Identifier: Apache-2.0
#include <initializer_list>
#include <string>

#include "checks/base/text.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string text_of(Hindrance hindrance) {
  switch (hindrance) {
    case Hindrance::unreachable:
      return "it does not answer";
    case Hindrance::other_system:
      return "it is no copy of the primary";
    case Hindrance::other_major:
      return "it runs another major version";
    case Hindrance::not_streaming:
      return "it does not stream";
    case Hindrance::not_synchronous:
      return "commits do not wait for it";
    case Hindrance::behind:
      return "it would have to replay for long";
    case Hindrance::commits_would_hang:
      return "its own synchronous_standby_names would make commits hang";
    case Hindrance::would_be_async:
      return "its own synchronous_standby_names is empty: commits would wait for nobody";
    case Hindrance::disk_full:
      return "its filesystem is nearly full";
  }
  return "";
}

/// That something is hidden, and, if so, by which of these nodes for want of pg_monitor.
Because hidden_by(std::string what, const CheckFacts& facts,
                  std::initializer_list<std::size_t> nodes) {
  for (const std::size_t i : nodes) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (node.state->has_pg_monitor) continue;
    const Because why = lacks_pg_monitor(node);
    return {what + ": " + why.text, why.node};
  }
  return what;
}

/// Why nobody can tell; absent if one can.
std::optional<Because> cannot_tell(const CheckFacts& facts) {
  if (const auto reason = no_walsenders_seen(facts)) return reason;
  const std::size_t candidate = *facts.analysis.readiness.candidate;
  const NodeSnapshot& node = facts.snapshot.nodes[candidate].postgres;
  const NodeAnalysis& seen = facts.analysis.nodes[candidate];
  if (!node.up()) return std::nullopt;
  if (seen.following && seen.following->reach == Reach::unknown) {
    return hidden_by("it is hidden whom " + node.name + " follows", facts,
                     {candidate, *facts.analysis.primary()});
  }
  if (facts.analysis.sync_required != true || !seen.walsender) return std::nullopt;
  const NodeState& sender = *facts.snapshot.nodes[seen.walsender->node].postgres.state;
  if (sender.wal_senders[seen.walsender->row].sync_state) return std::nullopt;
  return hidden_by("it is hidden whether commits wait for " + node.name, facts,
                   {seen.walsender->node});
}

Readings read_failover_ready(const CheckFacts& facts) {
  if (facts.snapshot.nodes.size() < 2)
    return {.absent = {{.node = "", .reason = "the cluster has one node only"}}};
  if (const auto reason = cannot_tell(facts)) return {.found = {unknown("", *reason)}};
  const Readiness& readiness = facts.analysis.readiness;
  const std::string& name = facts.snapshot.nodes[*readiness.candidate].postgres.name;
  if (readiness.hindrances.empty())
    return {.found = {{.node = "", .object = "", .summary = name + " could take over now"}}};
  std::vector<std::string> reasons;
  for (const Hindrance hindrance : readiness.hindrances) reasons.push_back(text_of(hindrance));
  const double seconds = readiness.not_ready_for.value_or(Seconds{0}).count();
  return {.found = {{.node = "",
                     .object = "",
                     .cause = to_string(readiness.hindrances.front()),
                     .summary = name + " should not take over now: " + join(reasons, ", "),
                     .values = {{.measure = "not_ready", .value = seconds, .minimum = 0}},
                     .names = {{"standby", name}},
                     .other_node = name}}};
}

constexpr auto kWarning = State::warning;

constexpr MeasureRow kNotReady[] = {
    {.id = "not_ready",
     .unit = Unit::seconds,
     .critical = 3600,
     .source = "guide promises automatic failover; an hour without is ours"}};

constexpr CauseRow kCauses[] = {
    {.id = "unreachable",
     .state = kWarning,
     .says = "The only standby that could take over does not answer.",
     .fix = "see check node_up of {standby}"},
    {.id = "other_system",
     .state = kWarning,
     .says = "The standby belongs to another system: a promotion would put other data in place.",
     .fix = "correct the address of {standby} in pgrepl.toml, or take a new base backup for it"},
    {.id = "other_major",
     .state = kWarning,
     .says = "The standby runs another major version and cannot follow this primary.",
     .fix = "psql -c 'SHOW server_version'   # on {primary} and {standby}"},
    {.id = "not_streaming",
     .state = kWarning,
     .says = "The standby receives nothing: a failover would lose what was committed since.",
     .fix = "see check replication of {standby}"},
    {.id = "not_synchronous",
     .state = kWarning,
     .says = "Commits do not wait for the standby: a failover may lose the last of them.",
     .fix = "see check sync_state of {standby}"},
    {.id = "behind",
     .state = kWarning,
     .says = "The standby would replay for long before it could take writes.",
     .fix = "see check replay_lag of {standby}"},
    {.id = "disk_full",
     .state = kWarning,
     .says = "The standby's data or WAL filesystem has hardly any room for a primary's load.",
     .fix = "df -h   # on {standby}"},
    {.id = "commits_would_hang",
     .state = kWarning,
     .says = "Promoted as it is configured, the standby would make every commit wait for ever.",
     .fix = "psql -c 'SHOW synchronous_standby_names'   # on {standby}: it must name a node that "
            "would stream from it, not itself\n"
            "ALTER SYSTEM SET synchronous_standby_names = '\"{primary}\"'; SELECT pg_reload_conf();"
            "   -- on {standby}; harmless while it is a standby"},
    {.id = "would_be_async",
     .state = kWarning,
     .says = "Promoted as it is configured, the standby would confirm commits that are on one "
             "machine only, and nobody would notice.",
     .fix =
         "ALTER SYSTEM SET synchronous_standby_names = '\"{primary}\"'; SELECT pg_reload_conf();"
         "   -- on {standby}; harmless while it is a standby\n"
         "or set expect_sync = \"auto\" in pgrepl.toml, if two nodes may do without for a while"},
};

}  // namespace

constexpr CheckRow kFailoverReady{.id = "failover_ready",
                                  .title = "A standby could take over now",
                                  .question = "Could we fail over now, and if not, why?",
                                  .topic = Topic::availability,
                                  .hold = {.seconds = 30, .polls = 2},
                                  .measures = kNotReady,
                                  .causes = kCauses,
                                  .source = "guide: automatic failover",
                                  .read = read_failover_ready};

static_assert(row_rules::is_sound(kFailoverReady));

}  // namespace pgrepl::catalogue
