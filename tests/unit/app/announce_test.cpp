// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/announce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string log_of(const ClusterReport& report, bool first = false) {
  testing::internal::CaptureStderr();
  announce(report, first);
  return testing::internal::GetCapturedStderr();
}

TEST(Announce, NamesTheNode) {
  test::ClusterBuilder world;
  world.poll();
  world.silence(1, FailureClass::refused);
  world.poll();
  EXPECT_THAT(log_of(world.poll()), HasSubstr("cluster pair: node_up on a2 is CRITICAL: "));
}

TEST(Announce, SaysNothingOfAFindingThatDoesNotCountYet) {
  test::ClusterBuilder world;
  world.poll();
  world.primary().in_recovery = true;
  EXPECT_THAT(log_of(world.poll()), Not(HasSubstr("is OK")));
}

TEST(Announce, SaysWhatIsNotConfiguredWithTheFirstReportAlone) {
  test::ClusterBuilder world;
  const ClusterReport report = world.poll();
  EXPECT_THAT(log_of(report, /*first=*/true), HasSubstr("disk_usage is not configured: "));
  EXPECT_THAT(log_of(report), Not(HasSubstr("not configured")));
}

}  // namespace
}  // namespace pgrepl
