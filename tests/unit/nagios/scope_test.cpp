// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/scope.h"

#include <gtest/gtest.h>

#include "tests/unit/nagios/asked_world.h"

namespace pgrepl {
namespace {

AskedWorld two_clusters() { return AskedWorld{{a_report("wallix"), a_report("bastion")}}; }

TEST(UnknownCheck, IsAnsweredWithTheKnownOnesAndTheNearest) {
  const PluginOutput output = two_clusters().ask({.check = "archve"});
  EXPECT_TRUE(output.not_found);
  EXPECT_EQ(output.state, State::unknown);
  EXPECT_EQ(sentence_of(output),
            "PGREPL UNKNOWN - there is no check archve, perhaps archive is meant "
            "(known: health, list, data_freshness, role, lag, archive, slot)");
}

TEST(UnknownCheck, MayBeAnything) {
  for (const char* name : {"", "HEALTH", "lag;", "lag|x", "\n", "\xFF\xFE", "a b='c'"}) {
    EXPECT_TRUE(two_clusters().ask({.check = name}).not_found) << name;
  }
  EXPECT_TRUE(two_clusters().ask({.check = std::string(100000, 'x')}).not_found);
}

TEST(UnknownCluster, IsAnsweredWithTheKnownOnes) {
  const PluginOutput output = two_clusters().ask({.cluster = "walix"});
  EXPECT_TRUE(output.not_found);
  EXPECT_EQ(sentence_of(output),
            "PGREPL UNKNOWN - there is no cluster walix, perhaps wallix is meant "
            "(known: wallix, bastion)");
}

TEST(UnknownNode, IsAnsweredWithTheNodesOfTheAskedCluster) {
  const PluginOutput output = two_clusters().ask({.cluster = "wallix", .node = "bastion-a1"});
  EXPECT_TRUE(output.not_found);
  EXPECT_EQ(sentence_of(output),
            "PGREPL UNKNOWN - there is no node bastion-a1 (known: wallix-a1, wallix-a2)");
}

TEST(UnknownNode, CannotBeToldBeforeTheFirstPoll) {
  AskedWorld world{{}};
  const PluginOutput output = world.configured_too("w").ask({.node = "anything"});
  EXPECT_FALSE(output.not_found);
  EXPECT_EQ(sentence_of(output), "PGREPL UNKNOWN - no poll yet of cluster w");
}

TEST(Node, IsFoundInWhicheverClusterHasIt) {
  const PluginOutput output = two_clusters().ask({.node = "bastion-a2"});
  EXPECT_EQ(sentence_of(output), "PGREPL OK - bastion: primary bastion-a1, all 1 results are fine");
}

}  // namespace
}  // namespace pgrepl
