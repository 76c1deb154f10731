// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// Emits what `get(analysis)` gives of every node, answering or not.
template <class Get>
void per_analysis(const ClusterFacts& facts, FactSink& sink, Get get) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const std::optional<double> value = get(facts.analysis.nodes[i]);
    if (value) sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[i].postgres.name}, *value);
  }
}

template <auto field>
void lag_forecast(const ClusterFacts& facts, FactSink& sink) {
  per_analysis(facts, sink, [](const NodeAnalysis& node) -> std::optional<double> {
    if (!node.lag_forecast) return std::nullopt;
    return number((*node.lag_forecast).*field);
  });
}

/// Shown wherever a trend is: before, nobody has watched for long enough.
void growing(const ClusterFacts& facts, FactSink& sink) {
  per_analysis(facts, sink, [](const NodeAnalysis& node) -> std::optional<double> {
    if (!node.lag_forecast || !node.lag_forecast->trend) return std::nullopt;
    return node.lag_forecast->growing_for.count();
  });
}

void trend(const ClusterFacts& facts, FactSink& sink) {
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const auto& forecast = facts.analysis.nodes[i].lag_forecast;
    if (!forecast || !forecast->trend) continue;
    for (const LagTrend value : kLagTrends) {
      sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[i].postgres.name, to_string(value)},
                value == *forecast->trend ? 1 : 0);
    }
  }
}

void loss_bytes(const ClusterFacts& facts, FactSink& sink) {
  per_analysis(facts, sink, [](const NodeAnalysis& node) {
    return node.loss ? number(node.loss->bytes) : std::nullopt;
  });
}

template <std::optional<Seconds> LagBounds::*bound>
void loss_seconds(const ClusterFacts& facts, FactSink& sink) {
  per_analysis(facts, sink, [](const NodeAnalysis& node) {
    return node.loss ? number(node.loss->time.*bound) : std::nullopt;
  });
}

constexpr Labels kLabels{"cluster", "node"};

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_lag_trend",
     .labels = {"cluster", "node", "trend"},
     .help = "Where the lag is heading, one series per trend: steady and growing never catch up.",
     .source = "the lag in bytes over the last minute",
     .of_cluster = trend},
    {.metric = "pgrepl_lag_growth_bytes_per_second",
     .unit = Unit::bytes_per_second,
     .labels = kLabels,
     .help = "How fast the WAL that is not replayed becomes more; negative while it becomes less.",
     .source = "pgrepl_replay_lag_bytes over the last minute",
     .of_cluster = lag_forecast<&LagForecast::growth>},
    {.metric = "pgrepl_lag_growing_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "For how long the lag has been growing; 0 unless it grew all through two minutes.",
     .source = "pgrepl_replay_lag_bytes over the last 15 minutes",
     .of_cluster = growing},
    {.metric = "pgrepl_replay_rate_bytes_per_second",
     .unit = Unit::bytes_per_second,
     .labels = kLabels,
     .help = "WAL that the standby replayed per second over the last minute.",
     .source = "pg_last_wal_replay_lsn()",
     .of_cluster = lag_forecast<&LagForecast::replay_rate>},
    {.metric = "pgrepl_catch_up_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "When the standby will have caught up at this rate; absent unless its lag shrinks.",
     .source = "pgrepl_replay_lag_bytes and its growth",
     .of_cluster = lag_forecast<&LagForecast::catch_up>},
    {.metric = "pgrepl_data_loss_bytes",
     .unit = Unit::bytes,
     .labels = kLabels,
     .help = "WAL that would be lost if the primary died now and this standby took over.",
     .source = "pg_current_wal_flush_lsn() less what the standby has received or replayed",
     .of_cluster = loss_bytes},
    {.metric = "pgrepl_data_loss_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "Age of the oldest WAL that would be lost; 0 only while it is proved to be none.",
     .source = "the LSN clock, by what the standby has received",
     .of_cluster = loss_seconds<&LagBounds::estimate>},
    {.metric = "pgrepl_data_loss_upper_bound_seconds",
     .unit = Unit::seconds,
     .labels = kLabels,
     .help = "That age is at most this.",
     .source = "the LSN clock, by what the standby has received",
     .of_cluster = loss_seconds<&LagBounds::upper>},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> forecast_facts() { return kRows; }

}  // namespace pgrepl::catalogue
