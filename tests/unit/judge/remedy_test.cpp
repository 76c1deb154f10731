// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/remedy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Remedy, FillsInNamesLineByLine) {
  EXPECT_THAT(fill_in("look at {node}\ndrop {object} on {node}", {{"node", "a1"}, {"object", "s"}}),
              ElementsAre("look at a1", "drop s on a1"));
}

TEST(Remedy, AsksInCapitalsForANameThatIsMissing) {
  EXPECT_THAT(fill_in("ask {primary}, drop {object}", {{"object", ""}}),
              ElementsAre("ask PRIMARY, drop OBJECT"));
}

TEST(Remedy, KeepsALoneBraceAsItIs) { EXPECT_THAT(fill_in("a { b", {}), ElementsAre("a { b")); }

TEST(Remedy, NamesPortsAndRolesAsTheyAreConfigured) {
  test::ClusterBuilder pair;
  pair.policy.nodes[0].port = "5433";
  pair.policy.nodes[1].port = "5434";
  pair.policy.replication_user = "streamer";
  pair.poll();
  pair.cut_standby();
  for (int i = 0; i < 5; ++i) pair.poll();
  EXPECT_THAT(test::result_of(pair.poll(), "replication", "a2").fix,
              Contains(HasSubstr("'host=10.0.0.1 port=5433 user=streamer")));
  pair.silence(1, FailureClass::timeout);
  for (int i = 0; i < 3; ++i) pair.poll();
  EXPECT_THAT(test::result_of(pair.poll(), "node_up", "a2").fix,
              Contains(HasSubstr("nc -zv 10.0.0.2 5434")));
}

}  // namespace
}  // namespace pgrepl
