// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "checks/nagios/check_query.h"
#include "exporter/publish/metrics_page.h"
#include "exporter/publish/prometheus_text.h"
#include "exporter/publish/report_board.h"
#include "tests/golden/golden_file.h"
#include "tests/support/cluster_builder.h"
#include "tests/support/page_judge.h"

// Whole pages and plugin outputs of three situations, against committed ones.
namespace pgrepl {
namespace {

using test::ClusterBuilder;

std::string page_of(const ClusterReport& report, SteadyTime now) {
  ReportBoard board;
  board.configure({report.snapshot.cluster});
  board.publish(render_cluster(std::make_shared<const ClusterReport>(report)));
  return *MetricsPage{}.plain(board.read(), now);
}

std::string plugin_outputs(const ClusterReport& report) {
  std::string text;
  const ClusterReport* reports[] = {&report};
  const std::string clusters[] = {report.snapshot.cluster};
  const auto ask = [&](std::string_view check) {
    const CheckQuery query{.check = std::string{check}, .verbosity = 1};
    text += "$ " + query.check + "\n" +
            answer(query, reports, clusters, report.snapshot.taken.steady).text;
  };
  ask("health");
  for (const CheckRow& check : checks()) ask(check.id);
  return text;
}

void expect_golden_outputs(const std::string& name, const ClusterReport& report) {
  const std::string page = page_of(report, report.snapshot.taken.steady);
  EXPECT_THAT(test::judge_page(page), testing::IsEmpty());
  test::expect_golden(name + ".prom", page);
  test::expect_golden(name + ".nagios", plugin_outputs(report));
}

ClusterReport settled(ClusterBuilder& pair) {
  for (int i = 0; i < 6; ++i) pair.poll();
  return pair.poll();
}

TEST(PageGolden, OfAHealthyPair) {
  ClusterBuilder pair;
  pair.policy.nodes[0].host_configured = true;
  pair.snapshot.nodes[0].host = HostSnapshot{
      .directories = {{.purpose = DirectoryPurpose::data,
                       .path = "/var/lib/postgresql/15/main",
                       .filesystem = Filesystem{
                           .mountpoint = "/", .size = 1e11, .free = 6e10, .available = 5.5e10}}}};
  expect_golden_outputs("healthy", settled(pair));
}

TEST(PageGolden, OfAPairWhoseStandbyIsDead) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby().write(700 << 20);
  expect_golden_outputs("degraded", settled(pair));
}

TEST(PageGolden, OfASplitBrain) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  expect_golden_outputs("split_brain", settled(pair));
}

TEST(PageGolden, OfAStuckPoller) {
  ClusterBuilder pair;
  const ClusterReport report = settled(pair);
  const SteadyTime later = after(report.valid_until(), Seconds{1});
  const std::string page = page_of(report, later);
  EXPECT_THAT(test::judge_page(page), testing::IsEmpty());
  test::expect_golden("stale.prom", page);
}

}  // namespace
}  // namespace pgrepl
