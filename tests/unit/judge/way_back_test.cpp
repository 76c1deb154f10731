// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/support/cluster_builder.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A pair after whose failover the primary could come back as it is.
struct Pair : ClusterBuilder {
  Pair() {
    for (NodeState* node : {&primary(), &standby()}) {
      node->settings.value->wal_log_hints = true;
      node->settings.value->data_checksums = false;
    }
    ReplicationSlotRow slot;
    slot.slot_name = "a1_slot";
    slot.slot_type = "physical";
    slot.active = false;
    slot.wal_status = "reserved";
    standby().slots = {slot};
  }
  ClusterAnalysis look() { return poll().analysis; }
  std::vector<RejoinBlocker> blockers() {
    const auto way = look().way_back;
    EXPECT_TRUE(way);
    return way ? way->blockers : std::vector<RejoinBlocker>{};
  }
  Settings& settings(NodeState& node) { return *node.settings.value; }
};

TEST(WayBack, IsOpenToThePrimaryOfAWellSetUpPair) {
  Pair pair;
  const auto way = pair.look().way_back;
  ASSERT_TRUE(way);
  EXPECT_EQ(way->node, 0U);
  EXPECT_EQ(way->server, 1U);
  EXPECT_FALSE(way->is_out);
  EXPECT_EQ(way->ready(), true);
  EXPECT_THAT(pair.look().advice,
              Not(Contains(Field(&Advice::text, HasSubstr("after a failover")))));
}

TEST(WayBack, IsLongWithoutWalLogHintsOrChecksums) {
  Pair pair;
  pair.settings(pair.primary()).wal_log_hints = false;
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::needs_base_backup));
  EXPECT_THAT(pair.look().advice,
              Contains(Field(&Advice::text, HasSubstr("a1 would have to be built anew"))));
  pair.settings(pair.primary()).data_checksums = true;
  EXPECT_THAT(pair.blockers(), IsEmpty());
}

TEST(WayBack, NeedsASlotThatIsFree) {
  Pair pair;
  pair.standby().slots.front().active = true;  // a cascading standby's
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::no_slot));
  pair.standby().slots.front().active = false;
  pair.standby().slots.front().wal_status = "lost";
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::no_slot));
}

TEST(WayBack, IsNotAdvisedASlotThatWouldFillTheStandbysDisk) {
  Pair pair;
  pair.standby().slots.clear();
  EXPECT_THAT(pair.look().advice,
              Contains(Field(&Advice::fix, HasSubstr("physical_replication_slot('a1_slot');"))));
}

TEST(WayBack, SaysWhenNoRoomIsLeftForASlot) {
  Pair pair;
  pair.standby().slots.clear();
  pair.settings(pair.standby()).max_replication_slots = 0;
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::no_slot, RejoinBlocker::no_free_slot));
}

TEST(WayBack, NeedsAWalsender) {
  Pair pair;
  pair.settings(pair.standby()).max_wal_senders = 0;
  EXPECT_THAT(pair.blockers(), Contains(RejoinBlocker::no_walsender));
}

TEST(WayBack, NeedsLimitsThatReachTheNextPrimarys) {
  Pair pair;
  pair.settings(pair.standby()).max_connections = 200;
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::limits_too_low));
}

TEST(WayBack, IsUnknownWhileTheServersSettingsAre) {
  Pair pair;
  pair.standby().settings = {};
  EXPECT_FALSE(pair.look().way_back);
}

TEST(WayBack, IsUnsettledWhileNobodyKnowsWhetherPgRewindWouldWork) {
  Pair pair;
  pair.settings(pair.primary()).wal_log_hints.reset();
  const auto way = pair.look().way_back;
  ASSERT_TRUE(way);
  EXPECT_EQ(way->ready(), std::nullopt);
  pair.standby().slots.clear();
  EXPECT_EQ(pair.look().way_back->ready(), false) << "a blocker that is known";
}

/// The standby was promoted after the primary had stopped for good.
struct FailedOver : Pair {
  explicit FailedOver(std::int64_t own_wal = 0) {
    poll();
    const NodeState last = primary();
    silence(0, FailureClass::refused);
    promote_standby();
    poll();
    NodeState back = last;
    back.in_recovery = true;
    back.wal_senders.clear();
    back.slots.clear();
    back.replay_lsn =
        Lsn{last.current_wal_flush_lsn->bytes() + static_cast<std::uint64_t>(own_wal)};
    back.current_wal_flush_lsn.reset();
    snapshot.nodes[0].postgres.state = back;
  }
};

TEST(WayBack, IsOpenToAnOldPrimaryThatHasNothingOfItsOwn) {
  FailedOver pair;
  const auto way = pair.look().way_back;
  ASSERT_TRUE(way);
  EXPECT_EQ(way->node, 0U);
  EXPECT_TRUE(way->is_out);
  EXPECT_EQ(way->ready(), true);
}

TEST(WayBack, LeadsAnOldPrimaryWithWalOfItsOwnThroughPgRewind) {
  FailedOver pair(4096);
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::needs_rewind));
}

TEST(WayBack, ReservesTheSlotOfANodeThatIsOut) {
  FailedOver pair;
  pair.standby().slots.clear();
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::no_slot));
  EXPECT_THAT(pair.look().advice, Contains(Field(&Advice::fix, HasSubstr("('a1_slot', true)"))));
}

}  // namespace
}  // namespace pgrepl
