// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

// Whose a slot is, and what the checks of slots say of it.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kMegabyte = 1 << 20;
constexpr std::int64_t kGigabyte = 1 << 30;

/// Another slot on the primary, unused for an hour.
ReplicationSlotRow& add_slot(ClusterBuilder& pair, const char* name) {
  ReplicationSlotRow slot;
  slot.slot_name = name;
  slot.slot_type = "physical";
  slot.wal_status = "reserved";
  slot.restart_lsn = pair.primary().current_wal_flush_lsn;
  slot.inactive_age = Seconds{3700};
  pair.primary().slots.push_back(slot);
  return pair.primary().slots.back();
}

SlotOwner owner_of(const ClusterReport& report, std::size_t slot) {
  return report.analysis.nodes[0].slots[slot].use.owner;
}

TEST(SlotRetention, NamesTheBottleneckOfAStandbyThatUsesItsSlot) {
  ClusterBuilder pair;
  pair.poll();
  pair.write(2 * kGigabyte);
  pair.poll();
  EXPECT_EQ(result_of(pair.poll(), "slot_retention", "a1", "a2_slot").summary,
            "slot a2_slot on a1 of standby a2 holds back 2 GB of WAL: the network is slow");
}

TEST(SlotRetention, SaysThatASlotIsInUseWhereNothingExplainsWhatItHolds) {
  ClusterBuilder pair;
  pair.poll();
  const auto restart = pair.slot().restart_lsn;
  pair.write(2 * kGigabyte).replay_all();
  pair.slot().restart_lsn = restart;
  EXPECT_THAT(result_of(pair.poll(), "slot_retention", "a1", "a2_slot").summary,
              HasSubstr("holds back 2 GB of WAL, although it is in use"));
}

TEST(SlotOwner, IsTheStandbyThatUsesIt) {
  ClusterBuilder pair;
  const ClusterReport report = pair.poll();
  EXPECT_EQ(owner_of(report, 0), SlotOwner::standby);
  EXPECT_EQ(report.analysis.nodes[0].slots[0].use.node, 1U);
}

TEST(SlotOwner, StaysTheStandbyThatIsDownAndTheRemedyIsToBringItBack) {
  ClusterBuilder pair;
  pair.poll();
  pair.silence(1, FailureClass::refused).cut_standby().poll();
  const ClusterReport report = pair.poll(400);
  const CheckResult slot = result_of(report, "slot_active", "a1", "a2_slot");
  EXPECT_EQ(slot.state, State::warning);
  EXPECT_EQ(slot.cause, "standby_gone");
  EXPECT_THAT(slot.summary, HasSubstr("slot a2_slot on a1 of standby a2 has been unused for"));
  EXPECT_THAT(slot.fix.front(), HasSubstr("bring a2 back"));
}

TEST(SlotOwner, IsRememberedOverARestartOfTheExporter) {
  ClusterBuilder pair;
  pair.slot().slot_name = pair.standby().wal_receiver->slot_name.emplace("odd_name");
  pair.poll();
  pair.memory =
      *decode_memory(encode_memory(pair.memory, pair.snapshot.taken), pair.snapshot.taken);
  pair.silence(1, FailureClass::refused).cut_standby();
  EXPECT_EQ(owner_of(pair.poll(), 0), SlotOwner::standby);
}

TEST(SlotOwner, OfAStandbyThatWasNeverSeenIsGuessedByTheNameOrLeftOpen) {
  ClusterBuilder pair;
  pair.silence(1, FailureClass::refused).cut_standby();
  add_slot(pair, "something");
  const ClusterReport report = pair.poll();
  EXPECT_EQ(owner_of(report, 0), SlotOwner::standby) << "a2_slot and a2";
  EXPECT_EQ(owner_of(report, 1), SlotOwner::unclear);
  const CheckResult slot = result_of(report, "slot_active", "a1", "something");
  EXPECT_EQ(slot.cause, "unused");
  EXPECT_THAT(slot.fix.front(), HasSubstr("bring its standby back"));
}

TEST(SlotOwner, LeftOpenIsToldOfWhatTheSlotHoldsBackToo) {
  ClusterBuilder pair;
  pair.silence(1, FailureClass::refused).cut_standby();
  add_slot(pair, "something");
  pair.write(3 * kGigabyte);
  const CheckResult slot = result_of(pair.poll(), "slot_retention", "a1", "something");
  EXPECT_EQ(slot.state, State::critical);
  EXPECT_EQ(slot.cause, "unused");
}

TEST(SlotOwner, IsNobodyForAnOrphanAndTheRemedyIsToDropIt) {
  ClusterBuilder pair;
  add_slot(pair, "forgotten");
  const ClusterReport report = pair.poll();
  EXPECT_EQ(owner_of(report, 1), SlotOwner::nobody);
  const CheckResult slot = result_of(report, "slot_active", "a1", "forgotten");
  EXPECT_EQ(slot.state, State::critical);
  EXPECT_EQ(slot.cause, "orphan");
  EXPECT_THAT(slot.summary, HasSubstr("which belongs to no configured standby"));
  EXPECT_EQ(slot.fix.front(), "SELECT pg_drop_replication_slot('forgotten');   -- on a1");
}

TEST(SlotOwner, IsNotNobodyWhileTheStandbysOnlySettingNamesIt) {
  ClusterBuilder pair;
  pair.cut_standby();
  pair.standby().settings.value->primary_slot_name = "a2_slot";
  EXPECT_EQ(owner_of(pair.poll(), 0), SlotOwner::standby);
}

TEST(SlotOwner, StaysTheStandbyThatWasPromotedBesideThePrimary) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby().promote_standby();
  EXPECT_EQ(owner_of(pair.poll(), 0), SlotOwner::standby) << "nobody is to drop it now";
}

TEST(SlotOwner, IsNobodyOnceTheStandbyCameBackWithoutItsSlot) {
  ClusterBuilder pair;
  pair.poll();
  pair.slot().active = false;
  pair.slot().active_pid.reset();
  pair.standby().wal_receiver->slot_name.reset();
  pair.standby().settings.value->primary_slot_name = "";
  EXPECT_EQ(owner_of(pair.poll(), 0), SlotOwner::nobody);
}

TEST(SlotOwner, OfASlotThatACollectorUsesIsNoFault) {
  ClusterBuilder pair;
  ReplicationSlotRow& slot = add_slot(pair, "receivewal");
  slot.active = true;
  slot.active_pid = 5000;
  slot.inactive_age.reset();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(owner_of(report, 1), SlotOwner::stranger);
  EXPECT_EQ(result_of(report, "slot_active", "a1", "receivewal").state, State::ok);
}

TEST(LogicalSlot, ThatIsReadIsNoFault) {
  ClusterBuilder pair;
  ReplicationSlotRow& slot = add_slot(pair, "subscription");
  slot.slot_type = "logical";
  slot.active = true;
  slot.inactive_age.reset();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(owner_of(report, 1), SlotOwner::consumer);
  for (const char* check : {"slot_active", "slot_retention", "slot_wal_status"}) {
    EXPECT_EQ(result_of(report, check, "a1", "subscription").state, State::ok) << check;
  }
}

TEST(LogicalSlot, ThatNobodyReadsIsItsSubscribersFaultAndNoOrphan) {
  ClusterBuilder pair;
  add_slot(pair, "subscription").slot_type = "logical";
  const CheckResult slot = result_of(pair.poll(), "slot_active", "a1", "subscription");
  EXPECT_EQ(slot.cause, "consumer_gone");
  EXPECT_THAT(slot.summary, Not(HasSubstr("standby")));
}

TEST(LogicalSlot, ThatNobodyReadsHoldsBackWalForItsSubscriber) {
  ClusterBuilder pair;
  add_slot(pair, "subscription").slot_type = "logical";
  pair.write(3 * kGigabyte);
  const CheckResult slot = result_of(pair.poll(), "slot_retention", "a1", "subscription");
  EXPECT_EQ(slot.state, State::critical);
  EXPECT_EQ(slot.cause, "consumer_gone");
}

TEST(LogicalSlot, ThatIsReadTooSlowlyIsToldFromASlowStandby) {
  ClusterBuilder pair;
  ReplicationSlotRow& slot = add_slot(pair, "subscription");
  slot.slot_type = "logical";
  slot.active = true;
  slot.inactive_age.reset();
  pair.primary().current_wal_flush_lsn = Lsn{0x3000060 + 3 * std::uint64_t{kGigabyte}};
  pair.replay_all();
  const CheckResult retention = result_of(pair.poll(), "slot_retention", "a1", "subscription");
  EXPECT_EQ(retention.state, State::critical);
  EXPECT_EQ(retention.cause, "slow_consumer");
  pair.slot().restart_lsn = slot.restart_lsn;
  EXPECT_EQ(result_of(pair.poll(), "slot_retention", "a1", "a2_slot").cause, "slow_standby");
}

TEST(SlotsOfAStandby, AreNoFaultSyncedOrLeftOver) {
  ClusterBuilder pair;
  pair.poll();
  ReplicationSlotRow left_over;
  left_over.slot_name = "a1_slot";
  left_over.slot_type = "physical";
  left_over.inactive_age = Seconds{1e6};
  ReplicationSlotRow synced = left_over;
  synced.slot_name = "subscription";
  synced.slot_type = "logical";
  synced.synced = true;
  ReplicationSlotRow lost = synced;
  lost.slot_name = "broken_copy";
  lost.wal_status = "lost";
  lost.temporary = true;
  pair.standby().slots = {left_over, synced, lost};
  const ClusterReport report = pair.poll();
  EXPECT_EQ(report.analysis.nodes[1].slots[1].use.owner, SlotOwner::consumer);
  for (const char* check : {"slot_active", "slot_retention", "slot_wal_status"}) {
    EXPECT_FALSE(has_result(report, check, "a2")) << check;
  }
  for (const CheckResult& result : report.results) {
    EXPECT_EQ(result.state, State::ok) << result.check << ": " << result.summary;
  }
}

TEST(LostSlot, StaysCriticalAndItsStandbyIsNotPromisedToComeBack) {
  ClusterBuilder pair;
  pair.poll();
  pair.cut_standby();
  pair.slot().wal_status = "lost";
  pair.slot().invalidation_reason = "wal_removed";
  pair.slot().restart_lsn.reset();
  for (int i = 0; i < 3; ++i) pair.poll(4000);
  const ClusterReport report = pair.poll(4000);
  const CheckResult lost = result_of(report, "slot_wal_status", "a1", "a2_slot");
  EXPECT_EQ(lost.state, State::critical);
  EXPECT_THAT(lost.summary, HasSubstr("is lost (wal_removed): a2 cannot continue"));
  const CheckResult unused = result_of(report, "slot_active", "a1", "a2_slot");
  EXPECT_EQ(unused.cause, "lost");
  EXPECT_THAT(unused.fix, Each(Not(HasSubstr("bring"))));
}

/// An hour of writing 1 MB a second, of which the last part without the standby.
ClusterReport after_an_hour(ClusterBuilder& pair) {
  for (int i = 0; i < 115; ++i) pair.write(30 * kMegabyte).replay_all().poll(30);
  pair.cut_standby();
  pair.write(30 * kMegabyte).poll(30);
  return pair.write(30 * kMegabyte).poll(30);
}

TEST(UnusedSlot, TellsWhenItIsLostOrFillsTheDiskWhicheverComesFirst) {
  ClusterBuilder pair;
  pair.policy.nodes[0].host_configured = true;
  const Filesystem filesystem{.size = 100e9, .free = 50e9, .available = 20.0 * 1024 * kMegabyte};
  pair.snapshot.nodes[0].host =
      HostSnapshot{.directories = {{.purpose = DirectoryPurpose::wal, .filesystem = filesystem}}};
  pair.slot().safe_wal_size = 7200 * kMegabyte;
  ClusterBuilder limited = pair;
  const ClusterReport first = after_an_hour(limited);
  const SlotAnalysis& slot = first.analysis.nodes[0].slots[0];
  EXPECT_NEAR(slot.lost_in->count(), 7200, 100);
  EXPECT_NEAR(slot.disk_full_in->count(), 20 * 1024, 300);
  EXPECT_THAT(result_of(first, "slot_active", "a1", "a2_slot").summary,
              AllOf(HasSubstr("is lost in about 2 h"), HasSubstr("at this rate")));
  pair.slot().safe_wal_size.reset();
  EXPECT_THAT(result_of(after_an_hour(pair), "slot_active", "a1", "a2_slot").summary,
              HasSubstr("fills the disk in about 5 h"));
}

/// Half of what is written passes the network.
void write_more_than_passes(ClusterBuilder& pair, std::int64_t bytes) {
  pair.write(bytes);
  const Lsn passed{pair.standby().receive_lsn->bytes() + static_cast<std::uint64_t>(bytes / 2)};
  pair.standby().receive_lsn = pair.standby().replay_lsn = passed;
  StatReplicationRow& row = pair.walsender();
  row.sent_lsn = row.write_lsn = row.flush_lsn = row.replay_lsn = passed;
  pair.slot().restart_lsn = passed;
}

TEST(UsedSlot, OfAStandbyThatFallsBehindTellsWhenItIsLost) {
  ClusterBuilder pair;
  pair.slot().safe_wal_size = 3000 * kMegabyte;
  ClusterReport report = pair.poll();
  EXPECT_FALSE(report.analysis.nodes[0].slots[0].lost_in);
  for (int i = 0; i < 60; ++i) {
    write_more_than_passes(pair, 10 * kMegabyte);
    report = pair.poll(5);
  }
  const SlotAnalysis& slot = report.analysis.nodes[0].slots[0];
  ASSERT_TRUE(slot.lost_in) << "by 1 MB a second";
  EXPECT_NEAR(slot.lost_in->count(), 3000, 10);
  EXPECT_THAT(result_of(report, "slot_retention", "a1", "a2_slot").summary,
              HasSubstr("the network is slow, and is lost in about 50 min at this rate"));
}

TEST(UsedSlot, IsNotHeldByReplayThatLags) {
  ClusterBuilder pair;
  pair.slot().safe_wal_size = 3000 * kMegabyte;
  ClusterReport report = pair.poll();
  for (int i = 0; i < 60; ++i)
    report = pair.write(10 * kMegabyte).receive_all().replay(5 * kMegabyte).poll(5);
  EXPECT_FALSE(report.analysis.nodes[0].slots[0].lost_in);
}

TEST(UnusedSlot, ForetellsNothingOnAnIdlePrimary) {
  ClusterBuilder pair;
  pair.slot().safe_wal_size = kGigabyte;
  for (int i = 0; i < 60; ++i) pair.poll(60);
  pair.cut_standby();
  const ClusterReport report = pair.poll(60);
  EXPECT_FALSE(report.analysis.nodes[0].slots[0].lost_in);
  EXPECT_THAT(result_of(report, "slot_active", "a1", "a2_slot").summary,
              Not(HasSubstr("in about")));
}

}  // namespace
}  // namespace pgrepl
