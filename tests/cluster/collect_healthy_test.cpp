// SPDX-License-Identifier: Apache-2.0
// What a healthy pair says of itself reaches the snapshot with its values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/collect_fixture.h"

namespace pgrepl::test {
namespace {

class HealthyPair : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }

  void SetUp() override {
    ExporterConfig exporter;
    exporter.poll_timeout = exporter.connect_timeout = Seconds{10};
    snapshot_ = poll_cluster_once(exporter, cluster_config(*pair_), nullptr);
    ASSERT_EQ(snapshot_.nodes.size(), 2U);
    for (std::size_t i : {0U, 1U}) {
      ASSERT_TRUE(snapshot_.nodes[i].postgres.up())
          << snapshot_.nodes[i].postgres.state.error().message;
    }
  }

  const NodeState& primary() const { return *snapshot_.nodes[0].postgres.state; }
  const NodeState& standby() const { return *snapshot_.nodes[1].postgres.state; }

  static inline PostgresPair* pair_ = nullptr;
  ClusterSnapshot snapshot_;
};

TEST_F(HealthyPair, TellsIdentityAndRole) {
  EXPECT_EQ(snapshot_.cluster, "wallix");
  EXPECT_FALSE(primary().in_recovery);
  EXPECT_TRUE(standby().in_recovery);
  const auto system =
      pair_->primary().sql().value("select system_identifier from pg_control_system()");
  EXPECT_EQ(primary().system_identifier, system);
  EXPECT_EQ(standby().system_identifier, system);
  for (const NodeState* node : {&primary(), &standby()}) {
    EXPECT_EQ(node->timeline, 1U);
    EXPECT_EQ(node->server_version_num / 10000, 15);
    EXPECT_THAT(node->server_version, testing::StartsWith("15."));
    EXPECT_TRUE(node->has_pg_monitor);
    EXPECT_GT(node->postmaster_start_timestamp.value_or(0), 1.7e9);
    EXPECT_EQ(node->missing, MissingParts{});
  }
}

TEST_F(HealthyPair, TellsPositionsOfTheRoleOnly) {
  EXPECT_TRUE(primary().current_wal_flush_lsn.has_value());
  EXPECT_FALSE(primary().receive_lsn || primary().replay_lsn || primary().replay_paused);
  EXPECT_FALSE(standby().current_wal_flush_lsn.has_value());
  EXPECT_TRUE(standby().receive_lsn && standby().replay_lsn);
  EXPECT_EQ(standby().replay_paused, false);
}

TEST_F(HealthyPair, TellsTheWalsenderAndItsSlot) {
  ASSERT_EQ(primary().wal_senders.size(), 1U);
  const StatReplicationRow& sender = primary().wal_senders[0];
  EXPECT_EQ(sender.application_name, kStandbyName);
  EXPECT_EQ(sender.state, "streaming");
  EXPECT_EQ(sender.sync_state, "sync");
  EXPECT_EQ(sender.client_addr, "127.0.0.1");
  EXPECT_TRUE(sender.sent_lsn && sender.write_lsn && sender.flush_lsn && sender.replay_lsn);
  EXPECT_TRUE(sender.reply_age.has_value());
  EXPECT_GT(sender.reply_time_us.value_or(0), 1700000000000000);
  ASSERT_EQ(primary().slots.size(), 1U);
  const ReplicationSlotRow& slot = primary().slots[0];
  EXPECT_EQ(slot.slot_name, kSlotName);
  EXPECT_EQ(slot.slot_type, "physical");
  EXPECT_TRUE(slot.active);
  EXPECT_EQ(slot.active_pid, sender.pid);
  EXPECT_EQ(slot.wal_status, "reserved");
  EXPECT_TRUE(slot.restart_lsn.has_value());
  EXPECT_TRUE(primary().sync_rep_waiters.empty());
}

TEST_F(HealthyPair, TellsTheReceiver) {
  EXPECT_FALSE(primary().wal_receiver.has_value());
  ASSERT_TRUE(standby().wal_receiver.has_value());
  const StatWalReceiverRow& receiver = *standby().wal_receiver;
  EXPECT_EQ(receiver.status, "streaming");
  EXPECT_EQ(receiver.sender_port, pair_->primary().port());
  EXPECT_EQ(receiver.slot_name, kSlotName);
  EXPECT_EQ(receiver.received_tli, 1U);
  EXPECT_TRUE(receiver.latest_end_lsn && receiver.latest_end_age && receiver.last_message_age);
}

TEST_F(HealthyPair, TellsSlowFacts) {
  for (const NodeState* node : {&primary(), &standby()}) {
    ASSERT_TRUE(node->settings.value.has_value()) << node->settings.failure->message;
    ASSERT_TRUE(node->wal_directory.value && node->archiver.value && node->archive_status.value);
    EXPECT_TRUE(node->settings.read_at.has_value());
    EXPECT_GE(node->wal_directory.value->bytes, 16 << 20);
    EXPECT_GE(node->wal_directory.value->files, 1);
    EXPECT_TRUE(node->wal_directory.value->redo_lsn.has_value());
    ASSERT_TRUE(node->basebackups.value.has_value()) << node->basebackups.failure->message;
    EXPECT_TRUE(node->basebackups.value->empty());
  }
  const pgrepl::Settings& settings = *primary().settings.value;
  EXPECT_EQ(primary().synchronous_standby_names, '"' + std::string(kStandbyName) + '"');
  EXPECT_EQ(settings.wal_level, "replica");
  EXPECT_EQ(settings.max_connections, 30);
  EXPECT_EQ(settings.wal_segment_size, 16 << 20);
  EXPECT_EQ(settings.max_wal_size, 256 << 20);
  EXPECT_EQ(settings.hot_standby, true);
  EXPECT_EQ(settings.archive_mode, "on");
  EXPECT_EQ(settings.archive_configured, true);
  EXPECT_EQ(settings.wal_receiver_status_interval, Seconds{10});
  EXPECT_EQ(settings.data_directory, pair_->primary().data().string());
  EXPECT_EQ(standby().settings.value->primary_slot_name, kSlotName);
}

TEST_F(HealthyPair, ReadsThePrimaryWithinTheSpanItTells) {
  EXPECT_LE(primary().position_read.began, primary().position_read.ended);
  EXPECT_LE(primary().position_read.ended, snapshot_.taken.steady);
}

TEST_F(HealthyPair, MeasuresTheRoundTripOfItsOwnSession) {
  ASSERT_TRUE(primary().round_trip.has_value());
  EXPECT_GT(primary().round_trip->count(), 0);
  EXPECT_LT(primary().round_trip->count(), 1);
}

TEST_F(HealthyPair, ReadsTheStandbyAfterThePrimaryOnceRolesAreKnown) {
  RunningPoller poller(quick_exporter(), {cluster_config(*pair_)});
  ASSERT_TRUE(poller.next().has_value());
  const auto second = poller.next();
  ASSERT_TRUE(second.has_value());
  EXPECT_LE(second->nodes[0].postgres.state->position_read.ended,
            second->nodes[1].postgres.state->position_read.began);
}

TEST_F(HealthyPair, KeepsOneSessionPerNodeFromPollToPoll) {
  RunningPoller poller(quick_exporter(), {cluster_config(*pair_)});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(poller.next().has_value());
  for (const NodePollStats& node : poller.stats()) {
    EXPECT_GE(node.polls, 5U);
    EXPECT_EQ(node.connects, 1U);
  }
  EXPECT_EQ(pair_->primary().sql().value("select count(*) from pg_stat_activity where "
                                         "application_name = 'pgrepl_exporter'"),
            "1");
}

}  // namespace
}  // namespace pgrepl::test
