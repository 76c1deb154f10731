// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/publish/metrics_page.h"
#include "exporter/publish/prometheus_text.h"
#include "tests/support/checkout.h"
#include "tests/support/cluster_builder.h"
#include "tests/support/page_judge.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using ::testing::IsEmpty;

/// A cluster of the whole catalogue under a name of its own, after three polls.
std::shared_ptr<const PublishedCluster> publish(ClusterBuilder builder, const std::string& name) {
  builder.policy.name = name;
  builder.snapshot.cluster = name;
  builder.poll();
  builder.poll();
  return render_cluster(std::make_shared<const ClusterReport>(builder.poll()));
}

/// Names that a server may have, and that a page must survive.
ClusterBuilder with_strange_names() {
  ClusterBuilder builder;
  builder.walsender().application_name = "back\\slash \"quoted\" {} \xff\n# HELP x";
  builder.walsender().pid = 1;
  builder.primary().wal_senders.push_back(builder.walsender());
  builder.slot().slot_name = "ünïcode, \"=\"";
  return builder;
}

ExporterSnapshot an_exporter() {
  NodePollStats stats{.cluster = "healthy", .node = "a1", .polls = 3, .connects = 1};
  return {.version = "1.0",
          .revision = "abc",
          .compiler = "g++",
          .polls = {stats},
          .cpu_seconds = 0.25};
}

/// Clusters in every condition that we know of, on one board.
std::shared_ptr<const Board> a_full_board() {
  ReportBoard board;
  board.configure({"healthy", "degraded", "split", "silent", "strange", "new"});
  board.publish(publish({}, "healthy"));
  board.publish(publish(ClusterBuilder().cut_standby(), "degraded"));
  board.publish(publish(ClusterBuilder().promote_standby(), "split"));
  board.publish(
      publish(ClusterBuilder().silence(0, FailureClass::refused).silence(1, FailureClass::timeout),
              "silent"));
  board.publish(publish(with_strange_names(), "strange"));
  board.publish(an_exporter());
  return board.read();
}

/// Fresh, and with every cluster stale.
class RenderedPage : public ::testing::TestWithParam<Seconds> {
 protected:
  RenderedPage() {
    const auto board = a_full_board();
    page = *MetricsPage().plain(
        board, after(board->clusters[0]->report->snapshot.taken.steady, GetParam()));
  }
  std::string page;
};

TEST_P(RenderedPage, HasNoFault) { EXPECT_THAT(test::judge_page(page), IsEmpty()); }

TEST_P(RenderedPage, IsAcceptedByPromtoolWithoutARemark) {
  const test::TempDirectory directory;
  const auto file = directory.path() / "page";
  test::write_file(file, page);

  const auto result = test::run_program(
      {.argv = {"/bin/sh", "-c", "exec \"$(\"$0\" promtool)\" check metrics <\"$1\"",
                (test::checkout() / "deploy/program").string(), file.string()}});

  EXPECT_EQ(result.exit_code, 0) << "promtool is part of Debian's package prometheus, which "
                                    "deploy/install-packages test brings\n"
                                 << result.out << result.err;
  EXPECT_EQ(result.out + result.err, "");
}

INSTANTIATE_TEST_SUITE_P(FreshAndStale, RenderedPage, ::testing::Values(Seconds{1}, Seconds{100}));

}  // namespace
}  // namespace pgrepl
