// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/attention.h"

#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

TEST(Attention, IsNotGivenToAHealthyPair) {
  test::ClusterBuilder pair;
  pair.poll();
  EXPECT_FALSE(deserves_attention(pair.poll()));
}

TEST(Attention, IsGivenWhileAFindingIsPending) {
  test::ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused);
  const ClusterReport report = pair.poll();
  ASSERT_EQ(test::result_of(report, "node_up", "a2").state, State::ok);
  EXPECT_TRUE(deserves_attention(report));
}

TEST(Attention, IsTakenAwayFromALastingFinding) {
  test::ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(deserves_attention(pair.poll(5))) << i;
  pair.poll(300);
  EXPECT_FALSE(deserves_attention(pair.poll(5)));
}

TEST(Attention, IsGivenToCommitsThatBeginToHang) {
  test::ClusterBuilder pair;
  pair.poll();
  pair.write(4096).let_a_commit_wait();
  EXPECT_FALSE(deserves_attention(pair.poll()));  // some commit waits at any moment
  const ClusterReport report = pair.poll(4);
  EXPECT_EQ(test::result_of(report, "commit_stall", "a1").raw_state, State::ok);
  EXPECT_TRUE(deserves_attention(report));
}

}  // namespace
}  // namespace pgrepl
