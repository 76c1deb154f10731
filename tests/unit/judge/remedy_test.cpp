// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/remedy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgrepl {
namespace {

using testing::ElementsAre;

TEST(Remedy, FillsInNamesLineByLine) {
  EXPECT_THAT(fill_in("look at {node}\ndrop {object} on {node}", {{"node", "a1"}, {"object", "s"}}),
              ElementsAre("look at a1", "drop s on a1"));
}

TEST(Remedy, LeavesNoBracesWhereANameIsMissing) {
  EXPECT_THAT(fill_in("ask {primary}", {}), ElementsAre("ask primary"));
}

TEST(Remedy, KeepsALoneBraceAsItIs) { EXPECT_THAT(fill_in("a { b", {}), ElementsAre("a { b")); }

}  // namespace
}  // namespace pgrepl
