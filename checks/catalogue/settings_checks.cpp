// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string_view cause_id(SettingMiss miss) {
  switch (miss) {
    case SettingMiss::wal_level_minimal:
      return "wal_level_minimal";
    case SettingMiss::no_walsenders:
      return "no_walsenders";
    case SettingMiss::cannot_feed:
      return "cannot_feed";
    case SettingMiss::below_primary:
      return "below_primary";
    case SettingMiss::weak_commit:
      return "weak_commit";
    case SettingMiss::few_walsenders:
      return "few_walsenders";
    case SettingMiss::little_wal_kept:
      return "little_wal_kept";
    case SettingMiss::hot_standby_off:
      return "hot_standby_off";
  }
  return "none";
}

std::string overrides_text(const SettingsAnalysis& seen) {
  return "synchronous_commit is weaker for " + seen.weak_names;
}

/// The node that does not show what is needed: a standby with settings of its own lacks only those
/// of the primary to compare them with.
const std::string& hidden_by(const CheckFacts& facts, const NodeSnapshot& node) {
  const auto primary = facts.analysis.primary();
  const bool only_compares = node.state->in_recovery && node.state->settings.value && primary;
  return only_compares ? facts.snapshot.nodes[*primary].postgres.name : node.name;
}

/// What to call the slot of the first node that could use one.
std::string slot_of_standby(const CheckFacts& facts, const NodeSnapshot& node) {
  for (const NodeObservation& other : facts.snapshot.nodes) {
    if (other.postgres.name != node.name) return slot_name_for(other.postgres.name);
  }
  return {};
}

Reading settings_reading(const CheckFacts& facts, const NodeSnapshot& node,
                         const SettingsAnalysis& seen) {
  Reading reading{.node = node.name, .object = ""};
  const int weak = seen.weak_overrides.value_or(0);
  std::string found;
  for (const SettingFinding& finding : seen.misses) {
    found += (found.empty() ? "" : ", ") + finding.text;
  }
  if (weak > 0) found += (found.empty() ? "" : ", ") + overrides_text(seen);
  if (found.empty() && seen.not_all_seen) {
    const auto nobody = node.state->in_recovery ? no_single_primary(facts) : std::nullopt;
    if (nobody && node.state->settings.value)
      return unknown(node.name, {*seen.not_all_seen + ": " + nobody->text, nobody->node});
    return unknown(node.name, {*seen.not_all_seen, hidden_by(facts, node)});
  }
  reading.summary =
      found.empty() ? "settings of " + node.name + " fit" : "on " + node.name + " " + found;
  if (!seen.misses.empty()) {
    reading.cause = cause_id(seen.misses.front().miss);
  } else if (weak > 0) {
    reading.cause = "weak_override";
  }
  if (reading.cause == "little_wal_kept") reading.names = {{"slot", slot_of_standby(facts, node)}};
  if (seen.weak_overrides)
    reading.values.push_back({.measure = "weak_overrides", .value = weak, .minimum = 0});
  return reading;
}

Readings read_settings(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    const auto& seen = facts.analysis.nodes[i].settings;
    readings.found.push_back(seen ? settings_reading(facts, node, *seen)
                                  : unknown(node.name, unreachable(node)));
  }
  return readings;
}

constexpr MeasureRow kMeasures[] = {
    {.id = "weak_overrides",
     .unit = Unit::count,
     .warning = 0,
     .source = "guide: synchronous_commit on; raise it if some roles may lose their commits"}};

constexpr CauseRow kCauses[] = {
    {.id = "wal_level_minimal",
     .state = State::critical,
     .says = "The primary's WAL holds too little for any standby: replication is impossible.",
     .fix = "ALTER SYSTEM SET wal_level = 'replica';   -- on {node}; it needs a restart\n"
            "then build the standby anew"},
    {.id = "no_walsenders",
     .state = State::critical,
     .says = "The primary starts no walsender: replication is impossible.",
     .fix = "ALTER SYSTEM SET max_wal_senders = 5;   -- on {node}; it needs a restart"},
    {.id = "cannot_feed",
     .state = State::warning,
     .says = "After a promotion no standby could follow this node.",
     .fix = "set wal_level = replica and max_wal_senders = 5 in postgresql.conf of {node}, as on "
            "{primary}; it needs a restart"},
    {.id = "below_primary",
     .state = State::warning,
     .says =
         "A limit of the standby is below the primary's: it stops replaying, or does not start.",
     .fix =
         "raise what the summary names on {node} to the value of {primary}, and restart {node}\n"
         "in future raise such limits on the standby first, and lower them on the primary first"},
    {.id = "weak_commit",
     .state = State::warning,
     .says = "Commits return before the standby has them on disk, although it is synchronous.",
     .fix = "ALTER SYSTEM SET synchronous_commit = 'on'; SELECT pg_reload_conf();   -- on {node}"},
    {.id = "few_walsenders",
     .state = State::warning,
     .says = "There are fewer walsenders than a standby, its successor and a base backup may need.",
     .fix =
         "ALTER SYSTEM SET max_wal_senders = 5;   -- on the standby first; each needs a restart"},
    {.id = "little_wal_kept",
     .state = State::warning,
     .says =
         "Nothing keeps WAL for a standby that is away: after some checkpoints it must be built "
         "anew.",
     .fix = "SELECT pg_create_physical_replication_slot('{slot}', true);   -- on {node}; then "
            "primary_slot_name = '{slot}' on its standby\n"
            "or ALTER SYSTEM SET wal_keep_size = '1GB'; SELECT pg_reload_conf();   -- on {node}"},
    {.id = "hot_standby_off",
     .state = State::warning,
     .says = "As a standby this node would answer no queries, and nobody could look into it.",
     .fix = "ALTER SYSTEM SET hot_standby = on;   -- on {node}; it needs a restart"},
    {.id = "weak_override",
     .says = "Commits of some roles or in some databases return before the standby has them.",
     .fix = "psql -c \"SELECT setrole::regrole, datname, setconfig FROM pg_db_role_setting LEFT "
            "JOIN pg_database d ON d.oid = setdatabase\"   # on {node}\n"
            "reset it for what the summary names, by ALTER ROLE or ALTER DATABASE with RESET "
            "synchronous_commit; new sessions have it\n"
            "if it is meant so: settings.weak_overrides under [thresholds]"},
};

}  // namespace

constexpr CheckRow kSettings{.id = "settings",
                             .title = "Settings that replication rests on",
                             .question = "Is the pair set up so that it can work?",
                             .topic = Topic::settings,
                             .hold = {.seconds = 15, .polls = 2},
                             .measures = kMeasures,
                             .causes = kCauses,
                             .source = "guide: key parameters; PostgreSQL: limits of a hot standby",
                             .read = read_settings};

static_assert(row_rules::is_sound(kSettings));

}  // namespace pgrepl::catalogue
