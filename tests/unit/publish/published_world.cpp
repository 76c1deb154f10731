// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/publish/published_world.h"

namespace pgrepl {
namespace {

void status(const ClusterFacts& facts, FactSink& sink) {
  for (const CheckResult& result : facts.results) {
    sink.emit({facts.snapshot.cluster, result.node, result.check, result.object},
              static_cast<double>(result.state));
  }
}

void last_poll(const ClusterFacts& facts, FactSink& sink) {
  const auto since_epoch = facts.snapshot.taken.wall.time_since_epoch();
  sink.emit({facts.snapshot.cluster}, std::chrono::duration_cast<Seconds>(since_epoch).count());
}

void lag(const ClusterFacts& facts, FactSink& sink) {
  for (std::size_t i = 0; i < facts.analysis.nodes.size(); ++i) {
    const auto& known = facts.analysis.nodes[i].lag;
    if (!known || !known->time.estimate) continue;
    sink.emit({facts.snapshot.cluster, facts.snapshot.nodes[i].postgres.name},
              known->time.estimate->count());
  }
}

void store_errors(const ExporterSnapshot& self, FactSink& sink) {
  sink.emit({}, static_cast<double>(self.store_errors));
}

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_check_status",
     .labels = {"cluster", "node", "check", "object"},
     .help = "Verdict of a check.",
     .source = "the judge",
     .of_cluster = status},
    {.metric = "pgrepl_last_poll_timestamp_seconds",
     .labels = {"cluster"},
     .help = "When the last poll ended.",
     .source = "the poll",
     .of_cluster = last_poll},
    {.metric = "pgrepl_replay_lag_seconds",
     .labels = {"cluster", "node"},
     .help = "Lag.",
     .source = "the LSN clock",
     .of_cluster = lag},
    {.metric = "pgrepl_store_errors_total",
     .type = MetricType::counter,
     .help = "Failed attempts to store.",
     .source = "the exporter",
     .of_exporter = store_errors},
};

NodeObservation a_node(const std::string& name, bool in_recovery) {
  NodeState state;
  state.in_recovery = in_recovery;
  return {.postgres = {.name = name, .state = std::move(state)}, .host = {}};
}

}  // namespace

Instant later(double seconds) {
  return {after(kTaken.steady, Seconds{seconds}),
          kTaken.wall + std::chrono::duration_cast<std::chrono::microseconds>(Seconds{seconds})};
}

std::span<const FactRow> test_rows() { return kRows; }

std::shared_ptr<ClusterReport> a_report(const std::string& cluster,
                                        std::vector<CheckResult> results) {
  auto report = std::make_shared<ClusterReport>();
  report->snapshot = {
      .cluster = cluster, .taken = kTaken, .nodes = {a_node("a1", false), a_node("a2", true)}};
  report->policy.name = cluster;
  report->analysis.nodes.resize(2);
  report->analysis.nodes[0].role = Role::primary;
  report->analysis.nodes[1].role = Role::standby;
  report->analysis.nodes[1].lag = StandbyLag{.state = LagState::streaming};
  report->analysis.nodes[1].lag->time.estimate = Seconds{1.5};
  report->results = std::move(results);
  return report;
}

std::shared_ptr<ClusterReport> a_healthy_report(const std::string& cluster) {
  return a_report(cluster, {node_up("a1", State::ok), node_up("a2", State::ok)});
}

CheckResult node_up(const std::string& node, State state, const std::string& summary) {
  return {.check = "node_up",
          .node = node,
          .object = "",
          .state = state,
          .raw_state = state,
          .summary = summary,
          .measures = {},
          .fix = {},
          .since = kTaken.steady};
}

std::unique_ptr<ReportBoard> a_board(const std::vector<std::string>& clusters) {
  auto board = std::make_unique<ReportBoard>();
  board->configure(clusters);
  return board;
}

}  // namespace pgrepl
