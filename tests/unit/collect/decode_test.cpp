// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/unit/collect/server_rows.h"

namespace pgrepl {
namespace {

using test::Cell;
using test::result_of;
using test::Row;

Row replaced(Row row, const std::string& column, const Cell& cell) {
  for (auto& [name, value] : row) {
    if (name == column) value = cell;
  }
  return row;
}

const Row kPrimary{
    {"in_recovery", "f"},   {"current_wal_flush_lsn", "16/B374D848"}, {"receive_lsn", {}},
    {"replay_lsn", {}},     {"recovery_end_lsn", "16/B3000000"},      {"was_streamed_to", "t"},
    {"has_pg_monitor", "t"}};

TEST(DecodeNodeState, ReadsValuesAndLeavesNullsAbsent) {
  const PgResult rows = result_of({kPrimary});
  const Decoded<NodeState> state = decode_node_state(*rows);
  ASSERT_TRUE(state.has_value());
  EXPECT_FALSE(state->in_recovery);
  EXPECT_EQ(state->current_wal_flush_lsn, Lsn::parse("16/B374D848"));
  EXPECT_FALSE(state->receive_lsn || state->replay_lsn);
  EXPECT_EQ(state->recovery_end_lsn, Lsn::parse("16/B3000000"));
  EXPECT_EQ(state->was_streamed_to, true);
  EXPECT_TRUE(state->has_pg_monitor);
}

struct Mistake {
  const char* column;
  Cell cell;
  const char* message;
};

TEST(DecodeNodeState, WrongShapeIsAFailureThatNamesTheColumn) {
  const Mistake mistakes[] = {
      {"in_recovery", {}, "the answer's column in_recovery is NULL"},
      {"in_recovery", "maybe", "the answer's column in_recovery has an unexpected value"},
      {"current_wal_flush_lsn", "16B3",
       "the answer's column current_wal_flush_lsn has an unexpected value"},
      {"has_pg_monitor", "", "the answer's column has_pg_monitor has an unexpected value"},
  };
  for (const Mistake& mistake : mistakes) {
    const PgResult rows = result_of({replaced(kPrimary, mistake.column, mistake.cell)});
    const Decoded<NodeState> state = decode_node_state(*rows);
    ASSERT_FALSE(state.has_value()) << mistake.message;
    EXPECT_EQ(state.error(), (Failure{FailureClass::query_failed, mistake.message}));
  }
}

TEST(DecodeNodeState, MissingColumnIsAFailure) {
  Row row = kPrimary;
  row.pop_back();
  const PgResult rows = result_of({row});
  const Decoded<NodeState> state = decode_node_state(*rows);
  ASSERT_FALSE(state.has_value());
  EXPECT_EQ(state.error().message, "the answer's column has_pg_monitor is missing");
}

TEST(DecodeNodeState, TwoRowsAreAFailure) {
  const PgResult rows = result_of({kPrimary, kPrimary});
  EXPECT_FALSE(decode_node_state(*rows).has_value());
}

TEST(DecodeNodeState, NoResultAtAllIsAFailure) {
  const PgResult rows(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK));
  EXPECT_FALSE(decode_node_state(*rows).has_value());
}

TEST(DecodeServer, ReadsBothFields) {
  const PgResult rows = result_of({{{"postmaster_start_timestamp", "1763844898.123456"},
                                    {"synchronous_standby_names", "ANY 1 (a2, a3)"}}});
  const Decoded<ServerFields> server = decode_server(*rows);
  ASSERT_TRUE(server.has_value());
  EXPECT_DOUBLE_EQ(server->postmaster_start_timestamp.value(), 1763844898.123456);
  EXPECT_EQ(server->synchronous_standby_names, "ANY 1 (a2, a3)");
}

TEST(DecodeReplay, LeavesBothAbsentOnAPrimary) {
  const PgResult rows = result_of({{{"replay_paused", {}}, {"last_xact_replay_age", {}}}});
  const Decoded<ReplayFields> replay = decode_replay(*rows);
  ASSERT_TRUE(replay.has_value());
  EXPECT_FALSE(replay->replay_paused || replay->last_xact_replay_age);
}

TEST(DecodeSystemIdentifier, KeepsAllDigitsAndIsNeverNull) {
  const auto told = [](const Cell& cell) {
    return decode_system_identifier(*result_of({{{"system_identifier", cell}}}));
  };
  EXPECT_EQ(*told("7412345678901234567"), "7412345678901234567");
  EXPECT_FALSE(told({}).has_value()) << "absent means that it could not be read";
}

TEST(DecodeTimeline, IsAbsentInTheOtherRolesRow) {
  const PgResult primary = result_of({{{"written_timeline", "7"}, {"replayed_timeline", {}}}});
  EXPECT_EQ(*decode_written_timeline(*primary), 7U);
  EXPECT_EQ(*decode_replayed_timeline(*primary), std::nullopt);
  for (const char* wrong : {"-1", "99999999999", ""}) {
    const PgResult rows = result_of({{{"written_timeline", wrong}}});
    EXPECT_FALSE(decode_written_timeline(*rows).has_value()) << wrong;
  }
}

const Row kSlot{{"slot_name", "a"},  {"slot_type", "physical"}, {"active", "f"},
                {"temporary", "f"},  {"active_pid", {}},        {"wal_status", "lost"},
                {"restart_lsn", {}}, {"safe_wal_size", {}}};

TEST(DecodeSlots, LostSlotHasNoPositionAndOldServersNoAge) {
  const PgResult rows = result_of({kSlot});
  const Decoded<std::vector<ReplicationSlotRow>> slots = decode_slots(*rows);
  ASSERT_TRUE(slots.has_value());
  ASSERT_EQ(slots->size(), 1U);
  const ReplicationSlotRow& slot = slots->front();
  EXPECT_EQ(slot.wal_status, "lost");
  EXPECT_FALSE(slot.restart_lsn || slot.safe_wal_size || slot.inactive_age || slot.synced);
}

TEST(DecodeSlots, NewerServersTellSinceWhenASlotIsUnused) {
  Row row = kSlot;
  row.insert(row.end(), {{"inactive_age", "12.5"}, {"synced", "t"}});
  const PgResult rows = result_of({row});
  const Decoded<std::vector<ReplicationSlotRow>> slots = decode_slots(*rows);
  ASSERT_TRUE(slots.has_value());
  EXPECT_EQ(slots->front().inactive_age, Seconds{12.5});
  EXPECT_TRUE(slots->front().synced);
}

TEST(DecodeWalReceiver, NoPidIsNoReceiver) {
  const PgResult rows = result_of({{{"pid", {}}, {"status", {}}}});
  const Decoded<std::optional<StatWalReceiverRow>> receiver = decode_wal_receiver(*rows);
  ASSERT_TRUE(receiver.has_value());
  EXPECT_FALSE(receiver->has_value());
}

TEST(DecodeWalSenders, HiddenColumnsStayAbsent) {
  Row row{{"pid", "42"}, {"application_name", {}}};
  for (const char* hidden :
       {"client_addr", "state", "sync_state", "sync_priority", "sent_lsn", "write_lsn", "flush_lsn",
        "replay_lsn", "write_lag", "flush_lag", "replay_lag", "reply_age", "reply_time_us"}) {
    row.emplace_back(hidden, Cell{});
  }
  const PgResult rows = result_of({row, row});
  const Decoded<std::vector<StatReplicationRow>> senders = decode_wal_senders(*rows);
  ASSERT_TRUE(senders.has_value());
  ASSERT_EQ(senders->size(), 2U);
  EXPECT_EQ(senders->front(), (StatReplicationRow{.pid = 42}));
}

TEST(DecodeCommitOverrides, LeaveNamesAbsentWhereThereAreNone) {
  const PgResult rows = result_of({{{"weaker", "0"}, {"names", {}}}});
  const Decoded<CommitOverrides> overrides = decode_commit_overrides(*rows);
  ASSERT_TRUE(overrides.has_value());
  EXPECT_EQ(*overrides, CommitOverrides{});
}

TEST(DecodeSyncRepWaiters, KeepMicroseconds) {
  const PgResult rows = result_of({{{"pid", "9"},
                                    {"backend_start_us", "1763844898123456"},
                                    {"query_start_us", "1763844899123457"},
                                    {"backend_xid", "4294967295"}}});
  const Decoded<std::vector<SyncRepWaiter>> waiters = decode_sync_rep_waiters(*rows);
  ASSERT_TRUE(waiters.has_value());
  EXPECT_EQ(waiters->front(), (SyncRepWaiter{9, 1763844898123456, 1763844899123457, 4294967295}));
}

}  // namespace
}  // namespace pgrepl
