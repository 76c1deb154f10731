// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <optional>
#include <utility>
#include <vector>

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
  /// The only one.
  std::optional<WayBack> way() {
    const auto ways = look().ways_back;
    return ways.size() == 1 ? std::optional{ways.front()} : std::nullopt;
  }
  std::vector<RejoinBlocker> blockers() {
    const auto only = way();
    EXPECT_TRUE(only);
    return only ? only->blockers : std::vector<RejoinBlocker>{};
  }
  Settings& settings(NodeState& node) { return *node.settings.value; }
};

TEST(WayBack, IsOpenToThePrimaryOfAWellSetUpPair) {
  Pair pair;
  const auto way = pair.way();
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
  EXPECT_FALSE(pair.way());
}

TEST(WayBack, IsUnsettledWhileNobodyKnowsWhetherPgRewindWouldWork) {
  Pair pair;
  pair.settings(pair.primary()).wal_log_hints.reset();
  const auto way = pair.way();
  ASSERT_TRUE(way);
  EXPECT_EQ(way->ready(), std::nullopt);
  pair.standby().slots.clear();
  EXPECT_EQ(pair.way()->ready(), false) << "a blocker that is known";
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
  const auto way = pair.way();
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

/// The standby was there, and is out.
struct LostStandby : Pair {
  LostStandby() {
    poll();
    silence(1, FailureClass::refused).cut_standby();
  }
};

WayBack out(std::size_t node, bool is_settled, std::vector<RejoinBlocker> blockers = {}) {
  return {.node = node,
          .server = 0,
          .is_out = true,
          .is_settled = is_settled,
          .blockers = std::move(blockers)};
}

TEST(WayBack, IsOpenToAStandbyThatDiedAndWhoseSlotKeepsItsWal) {
  LostStandby pair;
  EXPECT_EQ(pair.way(), out(1, true));
  EXPECT_EQ(pair.way()->ready(), true);
  EXPECT_THAT(pair.look().advice, Not(Contains(Field(&Advice::text, HasSubstr("a2")))));
}

TEST(WayBack, IsNotLostWithTheStandby) {
  Pair pair;
  EXPECT_THAT(pair.look().ways_back, ElementsAre(Field(&WayBack::node, 0U)));
  pair.silence(1, FailureClass::timeout);
  EXPECT_THAT(pair.look().ways_back, ElementsAre(out(1, true))) << "its walsender lingers";
  pair.cut_standby();
  EXPECT_THAT(pair.look().ways_back, ElementsAre(out(1, true)));
}

TEST(WayBack, IsToldOfAStandbyThatAnswersButIsNotFed) {
  Pair pair;
  pair.poll();
  pair.cut_standby();
  EXPECT_EQ(pair.way(), out(1, true));
  pair.settings(pair.standby()).max_connections = 50;
  EXPECT_EQ(pair.way(), out(1, true, {RejoinBlocker::limits_too_low}));
}

TEST(WayBack, IsNotToldOfAStandbyThatLivesOnTheArchive) {
  Pair pair;
  pair.poll();
  pair.cut_standby();
  pair.settings(pair.standby()).restore_configured = true;
  pair.settings(pair.standby()).upstream_configured = false;
  EXPECT_THAT(pair.look().ways_back, ElementsAre(Field(&WayBack::node, 0U)));
}

TEST(WayBack, NeedsNoSecondWalsenderWhereItsOwnLingers) {
  LostStandby pair;
  pair.settings(pair.primary()).max_wal_senders = 1;
  EXPECT_THAT(pair.blockers(), IsEmpty());
  StatReplicationRow row;
  row.pid = 4711;
  row.application_name = "a2";
  row.state = "streaming";
  pair.primary().wal_senders = {row};
  EXPECT_THAT(pair.blockers(), IsEmpty());
  pair.primary().wal_senders.front().application_name = "pg_receivewal";
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::no_walsender));
}

TEST(WayBack, LeadsAStandbyWhoseSlotIsLostThroughTheArchiveOrABaseBackup) {
  Pair pair;
  pair.poll();
  pair.cut_standby();
  pair.slot().wal_status = "lost";
  EXPECT_EQ(pair.way(), out(1, false, {RejoinBlocker::no_slot})) << "who knows its archive";
  pair.settings(pair.standby()).restore_configured = true;
  EXPECT_EQ(pair.way(), out(1, false, {RejoinBlocker::no_slot}));
  pair.settings(pair.standby()).restore_configured = false;
  EXPECT_EQ(pair.way(), out(1, true, {RejoinBlocker::needs_base_backup, RejoinBlocker::no_slot}));
  EXPECT_THAT(pair.look().advice, Not(Contains(Field(&Advice::text, HasSubstr("a2")))))
      << "slot_wal_status tells of it";
  pair.silence(1, FailureClass::refused);
  EXPECT_EQ(pair.way(), out(1, false, {RejoinBlocker::no_slot})) << "it cannot be asked";
}

TEST(WayBack, IsABaseBackupWhereTheWalThatItNeedsIsRemovedWithoutASlot) {
  Pair pair;
  pair.poll();
  pair.cut_standby().primary().slots.clear();
  pair.settings(pair.standby()).restore_configured = false;
  pair.primary().wal_directory.value = WalDirectory{.oldest_lsn = Lsn{0x5000000}};
  EXPECT_EQ(pair.way(), out(1, true, {RejoinBlocker::needs_base_backup, RejoinBlocker::no_slot}));
  pair.settings(pair.standby()).restore_configured = true;
  EXPECT_EQ(pair.way(), out(1, false, {RejoinBlocker::no_slot})) << "the archive may have it";
}

TEST(WayBack, NeedsTheSlotThatTheStandbyUsed) {
  LostStandby pair;
  pair.slot().slot_name = "abandoned";
  EXPECT_EQ(pair.way(), out(1, false, {RejoinBlocker::no_slot}));
  EXPECT_THAT(pair.look().advice, Contains(Field(&Advice::fix, HasSubstr("('a2_slot', true)"))));
}

TEST(WayBack, OfAStandbyThatNamesItsMissingSlotIsLeftToReplication) {
  Pair pair;
  pair.settings(pair.standby()).primary_slot_name = "a2_slot";
  pair.poll();
  pair.cut_standby().primary().slots.clear();
  EXPECT_THAT(pair.blockers(), ElementsAre(RejoinBlocker::no_slot));
  EXPECT_THAT(pair.look().advice, Not(Contains(Field(&Advice::text, HasSubstr("a2")))));
}

TEST(WayBack, IsUnsettledOfAStandbyThatWasLastHeardBeforeAPromotion) {
  LostStandby pair;
  pair.primary().timeline = 2;
  EXPECT_EQ(pair.way(), out(1, false));
}

TEST(WayBack, IsUnknownOfANodeThatWasNeverHeard) {
  Pair pair;
  pair.silence(1, FailureClass::refused).cut_standby();
  EXPECT_THAT(pair.look().ways_back, IsEmpty());
}

TEST(WayBack, IsToldOfEachNodeThatIsOut) {
  Pair pair;
  pair.add_standby("a3").add_standby("a4");
  EXPECT_THAT(pair.look().ways_back, ElementsAre(Field(&WayBack::node, 0U)));
  pair.silence(1, FailureClass::refused).silence(3, FailureClass::refused);
  pair.slot().active = false;
  pair.primary().wal_senders = {pair.primary().wal_senders[1]};  // a3's
  EXPECT_THAT(pair.look().ways_back,
              ElementsAre(out(1, true), out(3, false, {RejoinBlocker::no_slot})));
}

TEST(WayBack, LeadsAStandbyBackToTheStandbyThatKeepsItsSlot) {
  Pair pair;
  pair.add_standby("a3");
  ReplicationSlotRow slot = pair.slot();
  slot.slot_name = "a3_slot";
  slot.active = false;
  slot.active_pid.reset();
  pair.standby().slots = {slot};
  pair.snapshot.nodes[2].postgres.state->wal_receiver->slot_name = "a3_slot";
  pair.poll();
  pair.silence(2, FailureClass::refused).primary().wal_senders.pop_back();
  WayBack way = out(2, true);
  way.server = 1;
  EXPECT_EQ(pair.way(), way);
}

}  // namespace
}  // namespace pgrepl
