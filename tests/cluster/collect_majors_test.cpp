// SPDX-License-Identifier: Apache-2.0
// Every statement runs on every major version, on both roles, and its columns fit.
#include <gtest/gtest.h>

#include "tests/cluster/collect_fixture.h"

namespace pgrepl::test {
namespace {

class CollectFrom : public testing::TestWithParam<int> {};

TEST_P(CollectFrom, NoStatementFailsOnEitherRole) {
  PostgresPair pair({.major = GetParam()});
  const ClusterSnapshot snapshot =
      poll_cluster_once(ExporterConfig{}, cluster_config(pair), nullptr);
  for (std::size_t i : {0U, 1U}) {
    const NodeSnapshot& node = snapshot.nodes[i].postgres;
    ASSERT_TRUE(node.up()) << node.state.error().message;
    EXPECT_EQ(node.state->server_version_num / 10000, GetParam());
    EXPECT_EQ(node.state->in_recovery, i == 1);
    EXPECT_EQ(node.state->missing, MissingParts{});
    EXPECT_EQ(node.state->settings.failure, std::nullopt);
    EXPECT_EQ(node.state->wal_directory.failure, std::nullopt);
    EXPECT_EQ(node.state->archiver.failure, std::nullopt);
    EXPECT_EQ(node.state->archive_status.failure, std::nullopt);
    EXPECT_EQ(node.state->basebackups.failure, std::nullopt);
    EXPECT_EQ(node.state->commit_overrides.failure, std::nullopt);
    EXPECT_TRUE(node.state->basebackups.value && node.state->commit_overrides.value);
  }
}

INSTANTIATE_TEST_SUITE_P(PostgreSQL, CollectFrom, testing::Values(13, 14, 16, 17, 18),
                         [](const auto& major) { return std::to_string(major.param); });

}  // namespace
}  // namespace pgrepl::test
