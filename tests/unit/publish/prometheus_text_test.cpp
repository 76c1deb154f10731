// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/prometheus_text.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "tests/unit/publish/published_world.h"

namespace pgrepl {
namespace {

/// A family of its own, of what `emit` says.
std::string lines(void (*emit)(const ExporterSnapshot&, FactSink&),
                  std::array<std::string_view, 6> labels = {}) {
  FactRow row{.metric = "m", .help = "It is.", .source = "here", .of_exporter = emit};
  std::ranges::copy(labels, row.labels.begin());
  return exporter_lines({}, std::span(&row, 1)).front();
}

TEST(PrometheusText, SaysWhatAFactIsAndWhereItComesFrom) {
  EXPECT_EQ(family_header(test_rows()[3]),
            "# HELP pgrepl_store_errors_total Failed attempts to store. Source: the exporter.\n"
            "# TYPE pgrepl_store_errors_total counter\n");
}

TEST(PrometheusText, EscapesHelp) {
  FactRow row = test_rows()[0];
  row.source = "a\\b\nc";

  EXPECT_EQ(family_header(row),
            "# HELP pgrepl_check_status Verdict of a check. Source: a\\\\b\\nc.\n"
            "# TYPE pgrepl_check_status gauge\n");
}

TEST(PrometheusText, RendersAReportFreshAndStale) {
  const auto unit = render_cluster(
      a_report("c", {node_up("a1", State::ok), node_up("a2", State::critical)}), test_rows());

  EXPECT_EQ(unit->fresh[0],
            "pgrepl_check_status{cluster=\"c\",node=\"\",check=\"data_freshness\",object=\"\"} 0\n"
            "pgrepl_check_status{cluster=\"c\",node=\"a1\",check=\"node_up\",object=\"\"} 0\n"
            "pgrepl_check_status{cluster=\"c\",node=\"a2\",check=\"node_up\",object=\"\"} 2\n");
  EXPECT_EQ(unit->stale[0],
            "pgrepl_check_status{cluster=\"c\",node=\"\",check=\"data_freshness\",object=\"\"} 2\n"
            "pgrepl_check_status{cluster=\"c\",node=\"a1\",check=\"node_up\",object=\"\"} 3\n"
            "pgrepl_check_status{cluster=\"c\",node=\"a2\",check=\"node_up\",object=\"\"} 3\n");
  EXPECT_EQ(unit->fresh[1], "pgrepl_last_poll_timestamp_seconds{cluster=\"c\"} 1800000000\n");
  EXPECT_EQ(unit->stale[1], unit->fresh[1]) << "when the last poll was stays true";
  EXPECT_EQ(unit->fresh[2], "pgrepl_replay_lag_seconds{cluster=\"c\",node=\"a2\"} 1.5\n");
  EXPECT_EQ(unit->stale[2], "") << "no values that nobody knows to be true";
  EXPECT_EQ(unit->fresh[3], "") << "the exporter's own facts are not the cluster's";
}

TEST(PrometheusText, BelievesAReportForAsLongAsItsPolicySays) {
  const auto unit = render_cluster(a_healthy_report("c"), test_rows());

  EXPECT_FALSE(unit->stale_at(later(15).steady));
  EXPECT_TRUE(unit->stale_at(later(15.001).steady));
}

TEST(PrometheusText, SaysBeforeTheFirstPollThatNothingIsKnown) {
  const FamilyLines all = lines_before_first_poll("c", test_rows());

  EXPECT_EQ(
      all[0],
      "pgrepl_check_status{cluster=\"c\",node=\"\",check=\"data_freshness\",object=\"\"} 3\n");
  EXPECT_EQ(all[1] + all[2] + all[3], "");
}

TEST(PrometheusText, EscapesLabelValuesAndMakesThemValid) {
  const auto emit = [](const ExporterSnapshot&, FactSink& sink) {
    sink.emit({"q\"b\\", "tab\tand\nline"}, 1);
    sink.emit({"bad \xff byte", "ü"}, 2);
  };

  EXPECT_EQ(lines(emit, {"a", "b"}),
            "m{a=\"q\\\"b\\\\\",b=\"tab and line\"} 1\n"
            "m{a=\"bad ? byte\",b=\"ü\"} 2\n");
}

TEST(PrometheusText, KeepsTheFirstOfTwoSeriesWithTheSameLabels) {
  const auto emit = [](const ExporterSnapshot&, FactSink& sink) {
    sink.emit({"same"}, 1);
    sink.emit({"other"}, 2);
    sink.emit({"same"}, 3);
  };

  EXPECT_EQ(lines(emit, {"a"}), "m{a=\"same\"} 1\nm{a=\"other\"} 2\n");
}

TEST(PrometheusText, PublishesNoLineForWhatIsNotANumber) {
  const auto emit = [](const ExporterSnapshot&, FactSink& sink) {
    sink.emit({}, std::numeric_limits<double>::quiet_NaN());
  };

  EXPECT_EQ(lines(emit), "");
}

TEST(PrometheusText, KeepsLargeCountsWhole) {
  const auto emit = [](const ExporterSnapshot&, FactSink& sink) {
    sink.emit({}, 9007199254740991);
  };

  EXPECT_EQ(lines(emit), "m 9007199254740991\n");
}

TEST(PrometheusText, RefusesASampleThatDoesNotFitItsRow) {
  const auto emit = [](const ExporterSnapshot&, FactSink& sink) { sink.emit({"one"}, 1); };

  EXPECT_THROW(lines(emit, {"a", "b"}), std::logic_error);
}

}  // namespace
}  // namespace pgrepl
