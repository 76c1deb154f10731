// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/topology.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

#include "tests/support/situations.h"
#include "tests/unit/analysis/dice.h"

namespace pgrepl {
namespace {

using std::chrono::milliseconds;
using test::Dice;
using test::Situation;
using testing::ElementsAre;

TopologyRule rule_of(const std::string& nodes) {
  return Situation(nodes).lasting().analyze().topology.rule;
}

std::string random_nodes(Dice& dice) {
  std::string nodes;
  for (std::int64_t left = 2 + dice.up_to(6); left > 0; --left) {
    nodes += test::kSituations[static_cast<std::size_t>(
        dice.up_to(static_cast<std::int64_t>(test::kSituations.size()) - 1))];
  }
  return nodes;
}

void read_at(Situation& cluster, std::size_t node, SteadyTime moment) {
  cluster.state(node).position_read = {moment, moment + milliseconds{1}};
}

TEST(Topology, HasARowForEveryRuleAndUsesEach) {
  std::set<TopologyRule> told, used;
  for (const TopologyRow& row : topology_rows()) {
    EXPECT_TRUE(told.insert(row.rule).second) << to_string(row.rule);
    EXPECT_FALSE(row.proof.empty());
  }
  EXPECT_EQ(told.size(), kTopologyRules.size());
  for (const char* nodes :
       {"--", "PP", "PU", "PL", "PQ", "-s", "-h", "-n", "Pt", "Px", "Pn", "Pz", "Psc", "Ps"})
    used.insert(rule_of(nodes));
  EXPECT_EQ(used, told);
}

TEST(Topology, NeedsTwoPrimariesThatAnswerForASplitBrain) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const std::string nodes = random_nodes(dice);
    const Topology topology = Situation(nodes).lasting().analyze().topology;
    const bool proved = std::ranges::any_of(std::string_view{"PQL"}, [&](char primary) {
      return std::ranges::count(nodes, primary) > 1;
    });
    EXPECT_EQ(topology.verdict == TopologyVerdict::split_brain, proved) << nodes;
  }
}

TEST(Topology, CallsNoClusterHealthyThatMissesAnything) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const std::string nodes = random_nodes(dice);
    const TopologyVerdict verdict = Situation(nodes).lasting().analyze().topology.verdict;
    const bool whole =
        std::ranges::count(nodes, 'P') == 1 && nodes.find_first_not_of("Psc") == std::string::npos;
    const bool good = verdict == TopologyVerdict::healthy || verdict == TopologyVerdict::cascading;
    EXPECT_TRUE(!good || whole) << nodes << " is called " << to_string(verdict);
  }
}

TEST(Topology, OfOneNodeAloneIsHealthyOrHasNoPrimary) {
  EXPECT_EQ(rule_of("P"), TopologyRule::all_stream);
  EXPECT_EQ(rule_of("n"), TopologyRule::no_primary);
  EXPECT_EQ(rule_of("-"), TopologyRule::nobody_answers);
}

// Two primaries in one poll: when that proves something.

/// a2 was primary long ago by our memory, a1 answers as one, and later, in the same poll, a2 does.
Situation asked_apart(milliseconds apart) {
  Situation cluster("PP");
  const SteadyTime now = cluster.snapshot.taken.steady;
  read_at(cluster, 0, now - apart);
  read_at(cluster, 1, now);
  return cluster;
}

TEST(SplitBrain, IsSeenAtOnceWhereBothAreAskedAtOnce) {
  EXPECT_EQ(asked_apart(milliseconds{20}).analyze().topology.verdict, TopologyVerdict::split_brain);
}

TEST(SplitBrain, IsNotSeenInASwitchoverThatHappensBetweenTheTwoAnswers) {
  EXPECT_EQ(asked_apart(milliseconds{2500}).analyze().topology.rule,
            TopologyRule::primaries_in_turn);
}

TEST(SplitBrain, IsNotProvedWhereOneDoesNotTellItsSystemNorAreTheyCalledUnrelated) {
  for (const std::size_t silent_about_it : {0U, 1U}) {
    Situation cluster = asked_apart(milliseconds{20});
    cluster.state(silent_about_it).system_identifier.reset();
    EXPECT_EQ(cluster.analyze().topology.rule, TopologyRule::unidentified_primaries);
    Situation slow = asked_apart(milliseconds{2500});
    slow.state(silent_about_it).system_identifier.reset();
    EXPECT_EQ(slow.analyze().topology.rule, TopologyRule::primaries_in_turn);
  }
}

TEST(SplitBrain, IsSeenInTheNextPollHoweverSlowTheAnswersAre) {
  Situation cluster = asked_apart(milliseconds{2500});
  cluster.analyze();
  const SteadyTime later = cluster.snapshot.taken.steady + std::chrono::seconds{5};
  read_at(cluster, 0, later - milliseconds{2500});
  read_at(cluster, 1, later);
  EXPECT_EQ(cluster.analyze().topology.verdict, TopologyVerdict::split_brain);
}

TEST(SplitBrain, IsNotSeenInTwoSwitchoversOneAfterTheOther) {
  Situation cluster = asked_apart(milliseconds{2500});
  cluster.analyze();
  const SteadyTime later = cluster.snapshot.taken.steady + std::chrono::seconds{5};
  cluster.state(0).timeline = 3;  // promoted anew in between
  read_at(cluster, 0, later - milliseconds{2500});
  cluster.state(1).timeline = 4;
  read_at(cluster, 1, later);
  EXPECT_EQ(cluster.analyze().topology.rule, TopologyRule::primaries_in_turn);
}

// Look-alikes of a wrong upstream.

TEST(WrongUpstream, IsNotAStandbyThatStreamsUnderAnotherName) {
  Situation cluster("Px");
  StatReplicationRow row;
  row.application_name = "15/main";
  row.client_addr = "192.168.100.2";  // by the replication network
  row.state = "streaming";
  cluster.state(0).wal_senders = {row};
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::feed_unknown);
}

TEST(WrongUpstream, IsNotAReceiverWhosePrimaryHidesItsWalsenders) {
  Situation cluster("Px");
  cluster.state(0).missing.wal_senders = Failure{FailureClass::query_failed, "time-out"};
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::feed_unknown);
}

TEST(WrongUpstream, IsNotAReceiverThatNamesThePrimaryItself) {
  Situation cluster("Px");
  cluster.state(1).wal_receiver->sender_host = "10.0.0.1";
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::feed_unknown);
}

TEST(WrongUpstream, IsNotAConnectionThatThePrimaryHasGivenUpAndTheStandbyNotYet) {
  Situation cluster("Px");
  EXPECT_EQ(cluster.analyze().topology.rule, TopologyRule::standby_missing)
      << "it may be just that";
  Situation broken("Px");
  broken.state(1).wal_receiver->last_message_age = Seconds{6};
  EXPECT_EQ(broken.lasting().analyze().topology.rule, TopologyRule::standby_missing)
      << "heard before the primary was seen without it";
}

TEST(WrongUpstream, IsNotAReceiverThatHasLongHeardNothing) {
  Situation cluster("Px");
  cluster.state(1).wal_receiver->last_message_age = Seconds{50};
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::standby_missing);
}

TEST(WrongUpstream, IsNotHiddenByAClientThatIsKnownToBeAnothers) {
  Situation cluster("Ps");
  StatReplicationRow own = cluster.state(0).wal_senders.front(), other = own;
  own.pid = 1;
  own.reply_time_us = 1000;
  other.pid = 2;
  other.application_name = "another data centre";
  other.client_addr = "10.9.0.1";
  cluster.state(0).wal_senders = {own, other};
  cluster.analyze();
  cluster.state(0).wal_senders.front().reply_time_us = 2000;
  cluster.lasting();  // it replied, while the other client was there as before
  cluster.state(0).wal_senders = {other};
  cluster.state(1).wal_receiver->sender_host = "192.0.2.1";
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::wrong_upstream);
  cluster.state(0).wal_senders.front().pid = 3;
  EXPECT_EQ(cluster.analyze().topology.rule, TopologyRule::feed_unknown) << "it may be this one";
}

TEST(WrongUpstream, IsNotHiddenByALogicalSubscriber) {
  Situation cluster("Px");
  StatReplicationRow subscriber;
  subscriber.pid = 7;
  subscriber.application_name = "subscription";
  subscriber.state = "streaming";
  cluster.state(0).wal_senders = {subscriber};
  cluster.state(0).slots = {{.slot_name = "s", .slot_type = "logical", .active_pid = 7}};
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::wrong_upstream);
}

TEST(WrongUpstream, IsNotHiddenByABackupOrByPgReceivewal) {
  Situation cluster("Px");
  StatReplicationRow backup, archive;
  backup.state = "backup";
  backup.application_name = "anything";
  archive.state = "streaming";
  archive.application_name = "pg_receivewal";
  cluster.state(0).wal_senders = {backup, archive};
  EXPECT_EQ(cluster.lasting().analyze().topology.rule, TopologyRule::wrong_upstream);
}

TEST(WrongUpstream, IsACircleOfStandbys) {
  EXPECT_EQ(rule_of("Pcc"), TopologyRule::wrong_upstream);
}

// Who follows whom.

TEST(Following, PrefersTheSenderThatTheReceiverNamesToOneThatIsGone) {
  Situation cluster("Pcs");  // a2 streams from a3, and its old walsender on a1 lingers
  StatReplicationRow left_behind = cluster.state(2).wal_senders.front();
  cluster.state(0).wal_senders.push_back(left_behind);
  const ClusterAnalysis analysis = cluster.analyze();
  EXPECT_EQ(analysis.nodes[1].following->node, 2U);
  EXPECT_EQ(analysis.topology.verdict, TopologyVerdict::cascading);
}

TEST(Following, PrefersTheNewestReplyWhereNoAddressTells) {
  Situation cluster("Pcs");
  for (NodePolicy& node : cluster.policy.nodes) node.addresses = {"127.0.0.1"};
  StatReplicationRow left_behind = cluster.state(2).wal_senders.front();
  left_behind.reply_age = Seconds{30};
  cluster.state(0).wal_senders.push_back(left_behind);
  EXPECT_EQ(cluster.analyze().nodes[1].following->node, 2U);
}

TEST(Following, DoesNotTakeASharedAddressForAStandbyThatNamesAnother) {
  Situation cluster("Po-");  // a2 follows the silent a3, while a tool on a2's machine reads from a1
  StatReplicationRow tool;
  tool.application_name = "copy";
  tool.client_addr = "10.0.0.2";
  tool.state = "streaming";
  cluster.state(0).wal_senders = {tool};
  EXPECT_EQ(cluster.lasting().analyze().nodes[1].following->sender, SenderKind::unknown);
  tool.application_name = "pg_receivewal";
  cluster.state(0).wal_senders = {tool};
  const Following following = cluster.lasting().analyze().nodes[1].following.value();
  EXPECT_EQ(following.sender, SenderKind::silent_node);
  EXPECT_EQ(following.node, 2U);
}

TEST(Following, DoesNotTakeAClientFromItsMachineForAStandbyThatHadItsOwnConnectionBesides) {
  Situation cluster("Ps");
  StatReplicationRow own = cluster.state(0).wal_senders.front(), tool = own;
  own.reply_time_us = 1000;
  tool.pid = 2;
  tool.application_name = "copy";
  cluster.state(0).wal_senders = {own, tool};
  cluster.lasting();
  cluster.state(0).wal_senders.front().reply_time_us = 2000;
  cluster.analyze();
  cluster.state(0).wal_senders = {tool};
  EXPECT_NE(cluster.analyze().nodes[1].following->sender, SenderKind::node);
}

TEST(Following, DoesNotTakeAClientOfAnotherSystemForTheStandbyOfItsName) {
  Situation cluster("Ps");
  const auto standby = cluster.snapshot.nodes[1];
  StatReplicationRow namesake = cluster.state(0).wal_senders.front();
  cluster.lasting();
  cluster.state(1) = Situation("PQ").state(1);
  for (const std::int64_t reply : {1000, 2000}) {
    namesake.reply_time_us = reply;
    cluster.state(1).wal_senders = {namesake};
    cluster.lasting();
  }
  cluster.snapshot.nodes[1] = standby;
  EXPECT_EQ(cluster.lasting().analyze().nodes[1].following->sender, SenderKind::node);
}

TEST(Following, LeavesAStandbyBehindASilentOneUndecidedWhileThatStillHasItsWalsender) {
  Situation cluster("Poz");
  const ClusterAnalysis analysis = cluster.lasting().analyze();
  EXPECT_EQ(analysis.topology.rule, TopologyRule::feed_unknown);
  EXPECT_THAT(analysis.topology.nodes, ElementsAre(1, 2));
}

TEST(Following, GoesThroughAChainOfStandbys) {
  const ClusterAnalysis analysis = Situation("Pccs").lasting().analyze();
  EXPECT_EQ(analysis.nodes[1].following->reach, Reach::through_standby);
  EXPECT_EQ(analysis.nodes[2].following->reach, Reach::through_standby);
  EXPECT_EQ(analysis.nodes[3].following->reach, Reach::primary);
  EXPECT_FALSE(analysis.nodes[0].following);
}

}  // namespace
}  // namespace pgrepl
