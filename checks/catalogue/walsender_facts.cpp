// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>

#include "checks/analysis/walsender_match.h"
#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

constexpr std::array<std::string_view, 5> kStates{"startup", "catchup", "streaming", "backup",
                                                  "stopping"};
constexpr std::array<std::string_view, 4> kSyncStates{"async", "potential", "sync", "quorum"};

/// Calls `take(node, row, position of the node)` once per application_name.
template <class Take>
void each_walsender(const ClusterFacts& facts, Take take) {
  each_answer(facts,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                for (const std::size_t i : distinct_walsenders(state.wal_senders)) {
                  take(node, state.wal_senders[i], seen.position);
                }
              });
}

template <class Get>
void per_walsender(const ClusterFacts& facts, FactSink& sink, Get get) {
  each_walsender(facts, [&](const std::string& node, const StatReplicationRow& row,
                            std::optional<Lsn> position) {
    const std::optional<double> value = get(row, position);
    if (value) sink.emit({facts.snapshot.cluster, node, row.application_name}, *value);
  });
}

/// Bytes from what the standby confirmed to where the node is now; a row read a moment after the
/// position may be ahead of it, which is no distance.
template <std::optional<Lsn> StatReplicationRow::*column>
void distance(const ClusterFacts& facts, FactSink& sink) {
  per_walsender(
      facts, sink,
      [](const StatReplicationRow& row, std::optional<Lsn> position) -> std::optional<double> {
        if (!position || !(row.*column)) return std::nullopt;
        return static_cast<double>(
            std::max<std::int64_t>(0, wal_distance(*(row.*column), *position)));
      });
}

template <std::optional<Seconds> StatReplicationRow::*column>
void seconds(const ClusterFacts& facts, FactSink& sink) {
  per_walsender(facts, sink, [](const StatReplicationRow& row, std::optional<Lsn>) {
    return number(row.*column);
  });
}

void state(const ClusterFacts& facts, FactSink& sink) {
  each_walsender(facts, [&](const std::string& node, const StatReplicationRow& row, auto) {
    if (!row.state) return;  // hidden from a role without pg_monitor
    one_of(sink, {facts.snapshot.cluster, node, row.application_name}, kStates, *row.state);
  });
}

void sync_state(const ClusterFacts& facts, FactSink& sink) {
  each_walsender(facts, [&](const std::string& node, const StatReplicationRow& row, auto) {
    if (!row.sync_state) return;
    one_of(sink, {facts.snapshot.cluster, node, row.application_name}, kSyncStates,
           *row.sync_state);
  });
}

void sync_priority(const ClusterFacts& facts, FactSink& sink) {
  per_walsender(facts, sink, [](const StatReplicationRow& row, std::optional<Lsn>) {
    return number(row.sync_priority);
  });
}

void count(const ClusterFacts& facts, FactSink& sink) {
  each_answer(facts, [&](const std::string& node, const NodeState& answer, const NodeAnalysis&) {
    std::map<std::string, int> rows;
    for (const StatReplicationRow& row : answer.wal_senders) ++rows[row.application_name];
    for (const auto& [name, number_of] : rows) {
      sink.emit({facts.snapshot.cluster, node, name}, number_of);
    }
  });
}

void by_kind(const ClusterFacts& facts, FactSink& sink) {
  each_answer(
      facts, [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
        if (state.missing.wal_senders) return;
        for (const WalsenderKind kind : kWalsenderKinds) {
          const auto count = std::ranges::count(seen.wal_senders, kind, &WalsenderAnalysis::kind);
          sink.emit({facts.snapshot.cluster, node, to_string(kind)}, static_cast<double>(count));
        }
      });
}

/// Only the primary can tell, so that without one nothing is claimed.
void expected_standby(const ClusterFacts& facts, FactSink& sink) {
  const auto primary = facts.analysis.primary();
  if (!primary || facts.snapshot.nodes[*primary].postgres.state->missing.wal_senders) return;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    if (i == *primary) continue;
    sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[i].postgres.name},
              facts.analysis.nodes[i].walsender ? 1 : 0);
  }
}

void silent(const ClusterFacts& facts, FactSink& sink) {
  each_answer(facts,
              [&](const std::string& node, const NodeState& state, const NodeAnalysis& seen) {
                for (const std::size_t i : distinct_walsenders(state.wal_senders)) {
                  const auto& length = seen.wal_senders[i].silent_for;
                  if (!length) continue;
                  sink.emit({facts.snapshot.cluster, node, state.wal_senders[i].application_name},
                            length->count());
                }
              });
}

using Row = StatReplicationRow;
constexpr Labels kLabels{"cluster", "node", "application_name"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_expected_standby_connected",
     .labels = {"cluster", "node"},
     .help = "Whether a configured standby has a walsender, on the primary or on the standby that "
             "hands WAL "
             "on; 0 when it is missing.",
     .source = "pg_stat_replication, matched by application_name, slot or address",
     .of_cluster = expected_standby},
    {.metric = "pgrepl_walsenders_by_kind",
     .unit = Unit::count,
     .labels = {"cluster", "node", "kind"},
     .help = "Walsenders of the node by whom they feed, one series per kind.",
     .source = "pg_stat_replication and pg_replication_slots: a standby tells how far it replays",
     .of_cluster = by_kind},
    {.metric = "pgrepl_walsenders",
     .unit = Unit::count,
     .labels = kLabels,
     .help = "Walsender processes by application_name.",
     .source = "pg_stat_replication",
     .of_cluster = count},
    {.metric = "pgrepl_walsender_state",
     .labels = {"cluster", "node", "application_name", "state"},
     .help = "What the walsender does, one series per state.",
     .source = "pg_stat_replication.state",
     .of_cluster = state},
    {.metric = "pgrepl_walsender_sync_state",
     .labels = {"cluster", "node", "application_name", "sync_state"},
     .help = "Whether commits wait for this standby, one series per state.",
     .source = "pg_stat_replication.sync_state",
     .of_cluster = sync_state},
    {.metric = "pgrepl_walsender_sync_priority",
     .labels = kLabels,
     .help = "Rank of the standby in synchronous_standby_names, 0 if it is not named there.",
     .source = "pg_stat_replication.sync_priority",
     .of_cluster = sync_priority},
    {.metric = "pgrepl_walsender_sent_distance_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL from what was sent to the standby up to the node's present position.",
     .source = "pg_stat_replication.sent_lsn",
     .of_cluster = distance<&Row::sent_lsn>},
    {.metric = "pgrepl_walsender_write_distance_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL from what the standby has written up to the node's present position.",
     .source = "pg_stat_replication.write_lsn",
     .of_cluster = distance<&Row::write_lsn>},
    {.metric = "pgrepl_walsender_flush_distance_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL from what the standby has flushed to disk up to the node's present position.",
     .source = "pg_stat_replication.flush_lsn",
     .of_cluster = distance<&Row::flush_lsn>},
    {.metric = "pgrepl_walsender_replay_distance_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL from what the standby has replayed up to the node's present position.",
     .source = "pg_stat_replication.replay_lsn",
     .of_cluster = distance<&Row::replay_lsn>},
    {.metric = "pgrepl_walsender_write_lag_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "PostgreSQL's own write lag; it keeps its last value when the standby hangs.",
     .source = "pg_stat_replication.write_lag",
     .of_cluster = seconds<&Row::write_lag>},
    {.metric = "pgrepl_walsender_flush_lag_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "PostgreSQL's own flush lag; it keeps its last value when the standby hangs.",
     .source = "pg_stat_replication.flush_lag",
     .of_cluster = seconds<&Row::flush_lag>},
    {.metric = "pgrepl_walsender_replay_lag_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "PostgreSQL's own replay lag; it keeps its last value when the standby hangs.",
     .source = "pg_stat_replication.replay_lag",
     .of_cluster = seconds<&Row::replay_lag>},
    {.metric = "pgrepl_walsender_reply_age_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "Time since the standby sent its last reply, by two clocks: their skew shows here.",
     .source = "now() - pg_stat_replication.reply_time",
     .of_cluster = seconds<&Row::reply_age>},
    {.metric = "pgrepl_walsender_silent_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "Time for which no new reply has been seen from the standby, by the exporter's clock; "
             "the skew of the nodes' clocks does not matter.",
     .source = "pg_stat_replication.reply_time and the exporter's memory",
     .of_cluster = silent},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> walsender_facts() { return kRows; }

}  // namespace pgrepl::catalogue
