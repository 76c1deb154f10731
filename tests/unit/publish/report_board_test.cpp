// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/report_board.h"

#include <gtest/gtest.h>

#include "exporter/publish/prometheus_text.h"
#include "tests/unit/publish/published_world.h"

namespace pgrepl {
namespace {

std::shared_ptr<const PublishedCluster> unit(const std::string& cluster) {
  return render_cluster(a_healthy_report(cluster), test_rows());
}

TEST(ReportBoard, IsEmptyAtFirst) {
  const ReportBoard board;

  EXPECT_TRUE(board.read()->clusters.empty());
  EXPECT_NE(board.read()->exporter, nullptr);
}

TEST(ReportBoard, ShowsConfiguredClustersInOrderBeforeTheirFirstPoll) {
  const auto board = a_board({"zeta", "alpha"});

  const auto seen = board->read();

  ASSERT_EQ(seen->clusters.size(), 2U);
  EXPECT_EQ(seen->clusters[0]->name, "zeta");
  EXPECT_EQ(seen->clusters[1]->name, "alpha");
  EXPECT_EQ(seen->clusters[0]->report, nullptr);
}

TEST(ReportBoard, ReplacesTheUnitOfItsCluster) {
  const auto board = a_board({"one", "two"});
  const auto two = unit("two");

  board->publish(two);

  EXPECT_EQ(board->read()->clusters[1], two);
  EXPECT_EQ(board->read()->clusters[0]->report, nullptr);
}

TEST(ReportBoard, IgnoresAClusterThatAReloadHasTakenAway) {
  const auto board = a_board({"one"});

  board->publish(unit("gone"));

  ASSERT_EQ(board->read()->clusters.size(), 1U);
  EXPECT_EQ(board->read()->clusters[0]->name, "one");
}

TEST(ReportBoard, KeepsUnitsOverAReload) {
  const auto board = a_board({"one", "two"});
  const auto two = unit("two");
  board->publish(two);

  board->configure({"two", "three"});

  ASSERT_EQ(board->read()->clusters.size(), 2U);
  EXPECT_EQ(board->read()->clusters[0], two);
  EXPECT_EQ(board->read()->clusters[1]->name, "three");
  board->publish(unit("three"));
  EXPECT_NE(board->read()->clusters[1]->report, nullptr);
}

TEST(ReportBoard, GivesTheSameObjectUntilSomethingChanges) {
  const auto board = a_board({"one"});
  const auto before = board->read();

  EXPECT_EQ(board->read(), before);
  board->publish(ExporterSnapshot{.store_errors = 7});
  const auto now = board->read();

  EXPECT_NE(now, before);
  EXPECT_EQ(now->exporter->store_errors, 7U);
  EXPECT_EQ(before->exporter->store_errors, 0U) << "what a reader holds never changes";
}

}  // namespace
}  // namespace pgrepl
