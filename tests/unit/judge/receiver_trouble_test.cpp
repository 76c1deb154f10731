// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/receiver_trouble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster_builder.h"

// What `replication` says of a standby that answers and does not stream.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::result_of;
using testing::HasSubstr;
using testing::Not;

/// A pair whose standby says which slot it uses, and has lost its stream.
struct CutPair : ClusterBuilder {
  CutPair() {
    poll();
    cut_standby();
    standby().settings.value->primary_slot_name = "a2_slot";
  }
  CheckResult replication() {
    for (int i = 0; i < 5; ++i) poll();
    return result_of(poll(), "replication", "a2");
  }
};

TEST(ReceiverTrouble, IsLeftToLogAndDoctorWhereSqlShowsNothing) {
  const CheckResult result = CutPair().replication();
  EXPECT_EQ(result.cause, "receiver_down");
  EXPECT_EQ(result.summary,
            "a2 does not stream from a1: its WAL receiver is not running, its log or "
            "pgrepl_exporter doctor tells why");
}

TEST(ReceiverTrouble, NamesTheSlotThatIsNotThere) {
  CutPair pair;
  pair.primary().slots.clear();
  const CheckResult result = pair.replication();
  EXPECT_EQ(result.cause, "slot_missing");
  EXPECT_EQ(result.summary,
            "a2 does not stream from a1: a1 has no slot a2_slot, which its primary_slot_name "
            "names");
  EXPECT_THAT(result.fix.front(),
              HasSubstr("pg_create_physical_replication_slot('a2_slot', true)"));
}

TEST(ReceiverTrouble, IsNotAMissingSlotWhereSlotsAreNotShown) {
  CutPair pair;
  pair.primary().slots.clear();
  pair.primary().missing.slots = Failure{FailureClass::query_failed, "query: cancelled"};
  EXPECT_EQ(pair.replication().cause, "receiver_down");
}

TEST(ReceiverTrouble, IsNotAMissingSlotWhereAThirdNodeMayHaveIt) {
  CutPair pair;
  pair.primary().wal_senders = {StatReplicationRow{}};
  pair.add_standby("a3");
  pair.primary().wal_senders.clear();
  pair.primary().slots.clear();
  ReplicationSlotRow slot;
  slot.slot_name = "a2_slot";
  pair.snapshot.nodes[2].postgres.state->slots = {slot};
  EXPECT_EQ(pair.replication().cause, "receiver_down");
  pair.silence(2, FailureClass::refused);
  EXPECT_EQ(pair.replication().cause, "receiver_down");
}

TEST(ReceiverTrouble, IsNotAMissingSlotWhereTheStandbyUsesNone) {
  CutPair pair;
  pair.primary().slots.clear();
  pair.standby().settings.value->primary_slot_name = "";
  EXPECT_EQ(pair.replication().cause, "receiver_down");
}

TEST(ReceiverTrouble, NamesTheSlotThatIsLost) {
  CutPair pair;
  pair.slot().wal_status = "lost";
  pair.slot().restart_lsn.reset();
  const CheckResult result = pair.replication();
  EXPECT_EQ(result.cause, "slot_lost");
  EXPECT_THAT(result.summary, HasSubstr("its slot a2_slot on a1 is lost"));
}

TEST(ReceiverTrouble, NamesWalThatThePrimaryHasRemoved) {
  CutPair pair;
  pair.standby().settings.value->primary_slot_name = "";
  pair.primary().slots.clear();
  WalDirectory& directory = pair.primary().wal_directory.value.emplace();
  directory.oldest_lsn = pair.standby().replay_lsn;
  EXPECT_EQ(pair.replication().cause, "receiver_down") << "it begins where the standby stands";
  directory.oldest_lsn = Lsn{0x5000000};
  const CheckResult result = pair.replication();
  EXPECT_EQ(result.cause, "wal_removed");
  EXPECT_EQ(result.summary, "a2 does not stream from a1: it needs WAL from " +
                                to_string(*pair.standby().receive_lsn) +
                                " on, and a1 has removed what is older than 0/5000000");
  EXPECT_THAT(result.fix.back(), HasSubstr("pg_basebackup"));
}

TEST(ReceiverTrouble, TellsThatNoWalsenderIsLeft) {
  CutPair pair;
  StatReplicationRow other;
  other.application_name = "pg_receivewal";
  other.state = "streaming";
  pair.primary().wal_senders.assign(4, other);
  EXPECT_EQ(pair.replication().cause, "receiver_down");
  pair.primary().wal_senders.assign(5, other);
  const CheckResult result = pair.replication();
  EXPECT_EQ(result.cause, "no_walsender_free");
  EXPECT_THAT(result.summary, HasSubstr("all 5 walsenders of a1 are in use"));
}

TEST(ReceiverTrouble, TellsAnEmptyPrimaryConninfo) {
  CutPair pair;
  pair.standby().settings.value->upstream_configured = false;
  const CheckResult result = pair.replication();
  EXPECT_EQ(result.cause, "no_upstream");
  EXPECT_THAT(result.summary, HasSubstr("its primary_conninfo is empty"));
}

TEST(ReceiverTrouble, IsNoneOfASettingThatIsHidden) {
  CutPair pair;
  pair.standby().settings.value->upstream_configured = std::nullopt;
  pair.standby().settings.value->primary_slot_name = std::nullopt;
  EXPECT_EQ(pair.replication().cause, "receiver_down");
}

TEST(ReceiverTrouble, ExplainsAStandbyOfWhichOneSystemIsNotTold) {
  for (const bool of_primary : {true, false}) {
    CutPair pair;
    pair.primary().slots.clear();
    (of_primary ? pair.primary() : pair.standby()).system_identifier.reset();
    EXPECT_EQ(pair.replication().cause, "slot_missing") << of_primary;
  }
}

TEST(ReceiverTrouble, DoesNotExplainAStandbyOfAnotherSystem) {
  CutPair pair;
  pair.primary().slots.clear();
  pair.standby().system_identifier = "7400000000000000002";
  EXPECT_THAT(pair.replication().summary, Not(HasSubstr("a2_slot")));
}

}  // namespace
}  // namespace pgrepl
