// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/nagios/asked_world.h"

#include <gtest/gtest.h>

#include "tests/support/perfdata_judge.h"

namespace pgrepl {
namespace {

constexpr MeasureRow kLagMeasures[]{
    {.id = "lag", .unit = Unit::seconds, .warning = 10, .critical = 25, .source = "guide"}};
constexpr MeasureRow kArchiveMeasures[]{
    {.id = "failing_for", .unit = Unit::seconds, .warning = 300, .critical = 900, .source = "ours"},
    {.id = "backlog", .unit = Unit::count, .warning = 64, .critical = 256, .source = "ours"}};
constexpr MeasureRow kSlotMeasures[]{
    {.id = "safe", .unit = Unit::bytes, .bad = BadSide::below, .warning = 1024, .source = "ours"}};
constexpr MeasureRow kAgeMeasures[]{{.id = "age", .unit = Unit::seconds, .source = "ours"}};
constexpr CauseRow kRoleCauses[]{{.id = "split",
                                  .state = State::critical,
                                  .says = "Two take writes.",
                                  .fix = "stop one",
                                  .destroys_data = true}};
constexpr CauseRow kLagCauses[]{
    {.id = "receiver_down", .state = State::critical, .says = "Nothing arrives.", .fix = "look"},
    {.id = "busy", .says = "It cannot keep up.", .fix = "wait"}};
constexpr CauseRow kStaleCauses[]{
    {.id = "stale", .says = "No poll ends.", .fix = "look at the exporter of {cluster}"}};

}  // namespace

std::span<const CheckRow> test_checks() {
  static const std::vector<CheckRow> rows{
      {.id = "data_freshness",
       .title = "age of the report",
       .measures = kAgeMeasures,
       .causes = kStaleCauses,
       .source = "ours"},
      {.id = "role", .title = "exactly one primary", .causes = kRoleCauses, .source = "guide"},
      {.id = "lag",
       .title = "time behind the primary",
       .measures = kLagMeasures,
       .causes = kLagCauses,
       .source = "guide"},
      {.id = "archive", .title = "the archiver", .measures = kArchiveMeasures, .source = "ours"},
      {.id = "slot", .title = "room for a slot", .measures = kSlotMeasures, .source = "ours"}};
  return rows;
}

ClusterReport a_report(const std::string& cluster, std::vector<CheckResult> results) {
  ClusterReport report;
  report.snapshot.cluster = cluster;
  report.snapshot.taken = {.steady = kTaken, .wall = WallTime{std::chrono::seconds{1700000000}}};
  report.snapshot.nodes = {{.postgres = {.name = cluster + "-a1"}},
                           {.postgres = {.name = cluster + "-a2"}}};
  report.analysis.primaries = {0};
  report.policy.name = cluster;
  report.results = std::move(results);
  return report;
}

CheckResult role_result(State state, const std::string& summary) {
  return {.check = "role", .state = state, .raw_state = state, .summary = summary, .since = kTaken};
}

CheckResult lag_result(const std::string& node, double seconds) {
  const State state = seconds > 25 ? State::critical : seconds > 10 ? State::warning : State::ok;
  return {.check = "lag",
          .node = node,
          .state = state,
          .raw_state = state,
          .cause = state == State::ok ? "none" : "busy",
          .summary = node + " is " + humanize(seconds, Unit::seconds) + " behind",
          .measures = {{.id = "lag",
                        .unit = Unit::seconds,
                        .value = seconds,
                        .warning = above(10),
                        .critical = above(25),
                        .minimum = 0}},
          .fix = state == State::ok
                     ? std::vector<std::string>{}
                     : std::vector<std::string>{"look at " + node,
                                                "psql -c \"select 'a' = 'b'\" | less"},
          .since = kTaken};
}

CheckResult archive_result(State state, double backlog) {
  return {.check = "archive",
          .node = "w-a1",
          .state = state,
          .raw_state = state,
          .summary = "backlog of " + humanize(backlog, Unit::count) + " files",
          .measures = {{.id = "failing_for",
                        .unit = Unit::seconds,
                        .warning = above(300),
                        .critical = above(900)},
                       {.id = "backlog",
                        .unit = Unit::count,
                        .value = backlog,
                        .warning = above(64),
                        .critical = above(256)}},
          .since = kTaken};
}

CheckResult slot_result(const std::string& object, State state) {
  return {.check = "slot",
          .node = "w-a1",
          .object = object,
          .state = state,
          .raw_state = state,
          .summary = "slot " + object + " has room",
          .measures = {{.id = "safe", .unit = Unit::bytes, .value = 4096, .warning = below(1024)}},
          .since = kTaken};
}

PluginOutput AskedWorld::ask(const CheckQuery& query) const {
  std::vector<const ClusterReport*> pointers;
  for (const ClusterReport& report : reports_) pointers.push_back(&report);
  PluginOutput output = answer_from({.checks = test_checks(),
                                     .reports = pointers,
                                     .configured_clusters = configured_,
                                     .now = now_},
                                    query);
  if (query.check != "list") {
    EXPECT_EQ(plugin_output_faults(output.text), std::vector<std::string>{}) << output.text;
  }
  const std::string opening = "PGREPL " + std::string(to_string(output.state)) + " - ";
  EXPECT_TRUE(output.text.starts_with(opening)) << output.text;
  return output;
}

std::string sentence_of(const PluginOutput& output) {
  const std::string line = output.text.substr(0, output.text.find('\n'));
  return line.substr(0, line.find(" | "));
}

std::string long_output_of(const PluginOutput& output) {
  return output.text.substr(output.text.find('\n') + 1);
}

}  // namespace pgrepl
