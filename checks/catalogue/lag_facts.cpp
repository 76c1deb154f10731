// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

template <std::optional<Seconds> LagBounds::*bound>
void lag_seconds(const ClusterFacts& facts, FactSink& sink) {
  each_lag(facts, [&](const std::string& node, const StandbyLag& lag) {
    const auto& value = lag.time.*bound;
    if (value) sink.emit({facts.snapshot.cluster, node}, value->count());
  });
}

template <std::optional<std::int64_t> StandbyLag::*stage>
void lag_bytes(const ClusterFacts& facts, FactSink& sink) {
  each_lag(facts, [&](const std::string& node, const StandbyLag& lag) {
    const auto& value = lag.*stage;
    if (value) sink.emit({facts.snapshot.cluster, node}, static_cast<double>(*value));
  });
}

template <std::optional<Lsn> NodeState::*column>
void position(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink,
           [](const NodeState& state, const NodeAnalysis&) { return number(state.*column); });
}

void lag_state(const ClusterFacts& facts, FactSink& sink) {
  each_lag(facts, [&](const std::string& node, const StandbyLag& lag) {
    for (const LagState state : kLagStates) {
      sink.emit({facts.snapshot.cluster, node, to_string(state)}, lag.state == state ? 1 : 0);
    }
  });
}

void bottleneck(const ClusterFacts& facts, FactSink& sink) {
  each_lag(facts, [&](const std::string& node, const StandbyLag& lag) {
    if (!lag.bottleneck) return;
    for (const Bottleneck value : kBottlenecks) {
      sink.emit({facts.snapshot.cluster, node, to_string(value)}, lag.bottleneck == value ? 1 : 0);
    }
  });
}

void paused(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink,
           [](const NodeState& state, const NodeAnalysis&) { return number(state.replay_paused); });
}

void transaction_age(const ClusterFacts& facts, FactSink& sink) {
  per_node(facts, sink, [](const NodeState& state, const NodeAnalysis&) {
    return number(state.last_xact_replay_age);
  });
}

void generation_rate(const ClusterFacts& facts, FactSink& sink) {
  const auto primary = facts.analysis.primary();
  if (!primary || !facts.analysis.wal_generation_rate) return;
  sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[*primary].postgres.name},
            *facts.analysis.wal_generation_rate);
}

constexpr Labels kLabels{"cluster", "node"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_replay_lag_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help =
         "How long the standby has been missing something; 0 only while it is proved caught up.",
     .source = "the LSN clock, interpolated between its two bounds; without an upper one "
               "pg_last_xact_replay_timestamp()",
     .of_cluster = lag_seconds<&LagBounds::estimate>},
    {.metric = "pgrepl_replay_lag_lower_bound_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "The lag is at least this.",
     .source = "the LSN clock, since the first missing position was seen on the primary",
     .of_cluster = lag_seconds<&LagBounds::lower>},
    {.metric = "pgrepl_replay_lag_upper_bound_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "The lag is at most this.",
     .source = "the LSN clock, since the last replayed position was seen on the primary",
     .of_cluster = lag_seconds<&LagBounds::upper>},
    {.metric = "pgrepl_replay_lag_state",
     .labels = {"cluster", "node", "state"},
     .help = "What the lag number means, one series per state.",
     .source = "pg_stat_wal_receiver, pg_stat_replication and the LSN clock together",
     .of_cluster = lag_state},
    {.metric = "pgrepl_replay_lag_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL from what the standby has replayed up to the primary's present position.",
     .source = "pg_current_wal_flush_lsn() - pg_last_wal_replay_lsn()",
     .of_cluster = lag_bytes<&StandbyLag::not_replayed>},
    {.metric = "pgrepl_lag_not_sent_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Part of the lag that has not left the primary: the network or the walsender is slow.",
     .source = "pg_current_wal_flush_lsn() - pg_stat_replication.sent_lsn",
     .of_cluster = lag_bytes<&StandbyLag::not_sent>},
    {.metric = "pgrepl_lag_not_written_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Part of the lag that was sent and is not written: the network is slow.",
     .source = "pg_stat_replication.sent_lsn - write_lsn",
     .of_cluster = lag_bytes<&StandbyLag::not_written>},
    {.metric = "pgrepl_lag_not_flushed_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Part of the lag that is written and not on disk: the standby's disk is slow.",
     .source = "pg_stat_replication.write_lsn - flush_lsn",
     .of_cluster = lag_bytes<&StandbyLag::not_flushed>},
    {.metric = "pgrepl_lag_received_not_replayed_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "Part of the lag that is on the standby's disk and not replayed: replay is slow.",
     .source = "pg_last_wal_receive_lsn() - pg_last_wal_replay_lsn()",
     .of_cluster = lag_bytes<&StandbyLag::received_not_replayed>},
    {.metric = "pgrepl_lag_bottleneck",
     .labels = {"cluster", "node", "bottleneck"},
     .help = "What holds up most of the lag, one series per bottleneck.",
     .source = "the parts of the lag, from pg_stat_replication and the standby",
     .of_cluster = bottleneck},
    {.metric = "pgrepl_wal_flush_position_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL position up to which a primary has flushed.",
     .source = "pg_current_wal_flush_lsn()",
     .of_cluster = position<&NodeState::current_wal_flush_lsn>},
    {.metric = "pgrepl_wal_receive_position_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help =
         "WAL position up to which a standby has received; it falls behind replay after a restart.",
     .source = "pg_last_wal_receive_lsn()",
     .of_cluster = position<&NodeState::receive_lsn>},
    {.metric = "pgrepl_wal_replay_position_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL position up to which a standby has replayed.",
     .source = "pg_last_wal_replay_lsn()",
     .of_cluster = position<&NodeState::replay_lsn>},
    {.metric = "pgrepl_replay_paused",
     .labels = kLabels,
     .help = "Whether replay is paused on a standby.",
     .source = "pg_is_wal_replay_paused()",
     .of_cluster = paused},
    {.metric = "pgrepl_last_replayed_transaction_age_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "Age of the last replayed commit; it grows while the primary is idle and is no lag.",
     .source = "now() - pg_last_xact_replay_timestamp()",
     .of_cluster = transaction_age},
    {.metric = "pgrepl_wal_generation_rate_bytes_per_second",
     .unit = Unit::bytes_per_second,
     .labels = kLabels,
     .help = "WAL that the only primary wrote per second over the last minute.",
     .source = "the LSN clock",
     .of_cluster = generation_rate},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> lag_facts() { return kRows; }

}  // namespace pgrepl::catalogue
