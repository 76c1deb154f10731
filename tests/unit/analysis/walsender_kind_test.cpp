// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/walsender_kind.h"

#include <gtest/gtest.h>

#include "checks/model/node_snapshot.h"

namespace pgrepl {
namespace {

StatReplicationRow row(int pid, const char* name, const char* state) {
  StatReplicationRow row;
  row.pid = pid;
  row.application_name = name;
  row.client_addr = "10.0.0.2";
  row.state = state;
  return row;
}

/// What a standby shows once it has replied.
StatReplicationRow replaying(StatReplicationRow row) {
  row.write_lsn = row.flush_lsn = row.replay_lsn = Lsn{1};
  return row;
}

/// What pg_receivewal and the WAL stream of pg_basebackup show.
StatReplicationRow collecting(StatReplicationRow row) {
  row.write_lsn = Lsn{1};
  return row;
}

WalsenderKind kind_of(const std::vector<StatReplicationRow>& rows, std::size_t which = 0) {
  NodeState node;
  node.wal_senders = rows;
  return walsender_kinds(node)[which];
}

TEST(WalsenderKind, IsAStandbyAsLongAsNothingSpeaksAgainstIt) {
  EXPECT_EQ(kind_of({replaying(row(1, "a2", "streaming"))}), WalsenderKind::standby);
  EXPECT_EQ(kind_of({row(1, "a2", "startup")}), WalsenderKind::standby) << "has not replied yet";
  EXPECT_EQ(kind_of({StatReplicationRow{}}), WalsenderKind::standby) << "hidden";
}

TEST(WalsenderKind, IsABaseBackupInBothOfItsConnections) {
  const std::vector rows{row(1, "pg_basebackup", "backup"), row(2, "pg_basebackup", "streaming")};
  EXPECT_EQ(kind_of(rows, 0), WalsenderKind::base_backup);
  EXPECT_EQ(kind_of(rows, 1), WalsenderKind::base_backup);
}

TEST(WalsenderKind, IsABaseBackupAlsoUnderTheNameOfTheStandbyThatIsBeingMade) {
  const std::vector rows{row(1, "a2", "backup"), row(2, "a2", "streaming"),
                         replaying(row(3, "a2", "streaming"))};
  EXPECT_EQ(kind_of(rows, 0), WalsenderKind::base_backup);
  EXPECT_EQ(kind_of(rows, 1), WalsenderKind::base_backup);
  EXPECT_EQ(kind_of(rows, 2), WalsenderKind::standby) << "this one replays";
}

TEST(WalsenderKind, IsNoBaseBackupForWhatGoesToAnotherPlace) {
  StatReplicationRow elsewhere = row(2, "a2", "startup");
  elsewhere.client_addr = "10.0.0.3";
  EXPECT_EQ(kind_of({row(1, "a2", "backup"), elsewhere}, 1), WalsenderKind::standby);
}

TEST(WalsenderKind, IsACollectorOfWalByWhatItNeverTells) {
  EXPECT_EQ(kind_of({collecting(row(1, "nightly", "streaming"))}), WalsenderKind::wal_archive);
  EXPECT_EQ(kind_of({row(1, "pg_receivewal", "catchup")}), WalsenderKind::wal_archive);
}

TEST(WalsenderKind, IsAConsumerByItsLogicalSlot) {
  NodeState node;
  node.wal_senders = {replaying(row(7, "subscription", "streaming"))};
  ReplicationSlotRow slot;
  slot.slot_name = "subscription";
  slot.slot_type = "logical";
  slot.active_pid = 7;
  node.slots = {slot};
  EXPECT_EQ(walsender_kinds(node).front(), WalsenderKind::consumer);
  node.slots.front().slot_type = "physical";
  EXPECT_EQ(walsender_kinds(node).front(), WalsenderKind::standby);
}

}  // namespace
}  // namespace pgrepl
