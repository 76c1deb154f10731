// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/dependence.h"

#include <algorithm>

namespace pgrepl {
namespace {

// Only what is proved, or what one rule of PostgreSQL makes of another, is a row: that a disk is
// 95 % full and pg_wal is large, or that a line is slow and the lag grows, may have other reasons.

/// Every way in which a standby that answers does not stream.
constexpr std::string_view kNoStream =
    "receiver_down no_upstream slot_missing slot_lost wal_removed no_walsender_free "
    "archive_only no_walsender";
/// How a server that is gone does not answer; the other reasons keep the monitor out alone.
constexpr std::string_view kGone = "refused timeout starting_up shutting_down not_accepting other";
constexpr std::string_view kLag = "receiver_down archive_only";
/// A slot follows what its standby has flushed: replay that is late holds back no WAL.
constexpr std::string_view kNotFlushed = "network standby_disk";
constexpr std::string_view kForks = "fork fork_rewind fork_base_backup primary_behind";
constexpr std::string_view kSeveral = "two_primaries unidentified_primaries unrelated_primaries";
constexpr std::string_view kUnknown = "unknown";
constexpr std::string_view kAny = "*";

constexpr Dependence kRows[] = {
    // A server that does not answer, or hides what it knows.
    {"node_up", kAny, kAny, kUnknown, Tie::effect_names},
    {"node_up", kAny, "cluster_role", "no_primary", Tie::effect_names},
    {"node_up", kAny, "failover_ready", "unreachable", Tie::effect_names},
    {"node_up", kGone, "replication", "standby_unreachable old_primary", Tie::same_node},
    {"node_up", kGone, "sync_state", "no_standby", Tie::same_node},
    {"node_up", kGone, "commit_stall", "standby_gone standby_hung", Tie::effect_names},
    {"node_up", kGone, "slot_active", "standby_gone", Tie::effect_names},
    {"node_up", kGone, "slot_retention", "standby_gone", Tie::effect_names},
    {"node_up", kGone, "slot_wal_status", kAny, Tie::effect_names},
    {"disk_usage", "full", "node_up", "refused starting_up query_failed", Tie::same_node, "wal"},

    // Who is primary: what a standby should be compared with is not there.
    {"cluster_role", kAny, "timeline", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "upstream", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "replication", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "sync_state", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "replay_lag", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "replay_lag_bytes", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "lag_growth", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "failover_ready", kUnknown, Tie::cluster_only},
    {"cluster_role", kAny, "settings", kUnknown, Tie::cluster_only},
    {"cluster_role", "no_primary", "replay_lag", kLag, Tie::cluster},
    {"cluster_role", "no_primary", "replay_lag_bytes", kLag, Tie::cluster},
    {"cluster_role", "no_primary", "lag_growth", kLag, Tie::cluster},
    {"cluster_role", kSeveral, "commit_stall", "standby_gone", Tie::cluster},
    {"cluster_role", kSeveral, "slot_active", "standby_gone", Tie::cluster},
    {"cluster_role", kSeveral, "slot_retention", "standby_gone", Tie::cluster},
    {"cluster_role", "unrelated_primaries", "system_identifier", kAny, Tie::cluster},

    // What keeps a standby from this primary.
    {"system_identifier", kAny, "timeline", kUnknown, Tie::same_node},
    {"system_identifier", kAny, "upstream", kUnknown, Tie::same_node},
    {"system_identifier", kAny, "replay_lag", kUnknown, Tie::same_node},
    {"system_identifier", kAny, "replay_lag_bytes", kUnknown, Tie::same_node},
    {"system_identifier", kAny, "lag_growth", kUnknown, Tie::same_node},
    {"system_identifier", kAny, "replication", kNoStream, Tie::same_node},
    {"system_identifier", kAny, "failover_ready", "other_system", Tie::effect_names},
    {"timeline", kForks, "replication", kNoStream, Tie::same_node},
    {"timeline", kForks, "replay_lag", kUnknown, Tie::same_node},
    {"timeline", kForks, "replay_lag_bytes", kUnknown, Tie::same_node},
    {"timeline", kForks, "lag_growth", kUnknown, Tie::same_node},
    {"upstream", kAny, "replication", kNoStream, Tie::same_node},
    {"settings", "wal_level_minimal no_walsenders", "replication", kNoStream, Tie::effect_names},
    {"slot_wal_status", "lost", "replication", "slot_lost", Tie::cause_names},
    {"wal_senders", kAny, "replication", "no_walsender_free", Tie::effect_names},

    // A standby that does not stream.
    {"replication", kNoStream, "sync_state", "no_standby", Tie::same_node},
    {"replication", kNoStream, "replay_lag", kLag, Tie::same_node},
    {"replication", kNoStream, "replay_lag_bytes", kLag, Tie::same_node},
    {"replication", kNoStream, "lag_growth", kLag, Tie::same_node},
    {"replication", kNoStream, "commit_stall", "standby_gone", Tie::effect_names},
    {"replication", kNoStream, "slot_active", "standby_gone", Tie::effect_names},
    {"replication", kNoStream, "slot_retention", "standby_gone", Tie::effect_names},
    {"replication", kNoStream, "slot_wal_status", "unreserved near_limit", Tie::effect_names},
    {"replication", kNoStream, "failover_ready", "not_streaming", Tie::effect_names},
    {"replication", "slot_missing", "settings", "little_wal_kept", Tie::cause_names},
    {"replication", "catching_up", "sync_state", "catching_up", Tie::same_node},
    {"replication", "catching_up", "commit_stall", "catching_up", Tie::effect_names},

    // A standby that no commit, or every commit, waits for.
    {"sync_state", "application_name_mismatch", "commit_stall", "wrong_name", Tie::cluster},
    {"sync_state", "too_few", "commit_stall", "too_few", Tie::cluster},
    {"sync_state", kAny, "failover_ready", "not_synchronous", Tie::effect_names},

    // A standby that does not replay: one state, seen in seconds, in bytes and over time.
    {"settings", "below_primary", "replay_lag", "limit_below_primary", Tie::same_node},
    {"replay_lag", kAny, "replay_lag_bytes", kAny, Tie::same_node},
    {"replay_lag", kAny, "lag_growth", kAny, Tie::same_node},
    {"replay_lag", kAny, "commit_stall", "replay_held", Tie::effect_names},
    {"replay_lag", kNotFlushed, "slot_retention", "slow_standby", Tie::effect_names},
    {"replay_lag", kAny, "failover_ready", "behind", Tie::effect_names},

    // WAL that cannot go.
    {"slot_wal_status", "lost", "settings", "little_wal_kept", Tie::same_node},
    {"slot_wal_status", "lost", "slot_active", "lost", Tie::same_object},
    {"slot_active", kAny, "slot_retention", "standby_gone orphan consumer_gone unused",
     Tie::same_object},
    {"slot_active", kAny, "wal_directory", "slots", Tie::effect_names_object},
    {"slot_active", kAny, "disk_full_eta", "slots", Tie::effect_names_object},
    {"slot_retention", kAny, "wal_directory", "slots", Tie::effect_names_object},
    {"slot_retention", kAny, "disk_full_eta", "slots", Tie::effect_names_object},
    {"disk_usage", "archive_full", "archive", "command_fails", Tie::same_node},
    {"archive", kAny, "wal_directory", "archive", Tie::same_node},
    {"archive", kAny, "disk_full_eta", "archive", Tie::same_node},
    {"disk_usage", kAny, "failover_ready", "disk_full", Tie::effect_names, "data"},
    {"disk_usage", kAny, "failover_ready", "disk_full", Tie::effect_names, "wal"},
};

bool lists(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto end = words.find(' ');
    if (words.substr(0, end) == word) return true;
    words = end == std::string_view::npos ? std::string_view{} : words.substr(end + 1);
  }
  return false;
}

bool is_among(const CheckResult& result, std::string_view causes) {
  const bool is_unknown = result.state == State::unknown || result.raw_state == State::unknown;
  if (is_unknown) return causes == kUnknown;
  return causes == kAny || lists(causes, result.cause);
}

bool ties(Tie tie, const CheckResult& cause, const CheckResult& effect) {
  switch (tie) {
    case Tie::same_node:
      return cause.node == effect.node;
    case Tie::same_object:
      return cause.node == effect.node && cause.object == effect.object;
    case Tie::effect_names_object:
      return cause.node == effect.node && cause.object == effect.other_object;
    case Tie::effect_names:
      return effect.other_node == cause.node;
    case Tie::cause_names:
      return cause.other_node == effect.node;
    case Tie::cluster:
      return true;
    case Tie::cluster_only:
      return effect.other_node.empty();
  }
  return false;
}

}  // namespace

std::span<const Dependence> dependences() { return kRows; }

std::vector<const Dependence*> rows_of(const CheckResult& cause) {
  std::vector<const Dependence*> rows;
  for (const Dependence& row : kRows) {
    if (cause.check == row.check && (row.object.empty() || row.object == cause.object) &&
        is_among(cause, row.causes)) {
      rows.push_back(&row);
    }
  }
  return rows;
}

bool holds(const Dependence& row, const CheckResult& cause, const CheckResult& effect) {
  return (row.effect == kAny || effect.check == row.effect) &&
         is_among(effect, row.effect_causes) && ties(row.tie, cause, effect);
}

bool follows_from(const CheckResult& effect, const CheckResult& cause) {
  return std::ranges::any_of(rows_of(cause),
                             [&](const Dependence* row) { return holds(*row, cause, effect); });
}

}  // namespace pgrepl
