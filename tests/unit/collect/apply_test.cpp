// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/apply.h"

#include <gtest/gtest.h>

#include "exporter/collect/postgres/decode.h"
#include "tests/unit/collect/server_rows.h"

namespace pgrepl {
namespace {

using test::Cell;
using test::result_of;
using test::Row;

const Failure kForbidden{FailureClass::permission, "permission denied for function f"};

std::optional<Failure> fail(decltype(Statement::apply) apply, NodeState& state) {
  return apply(Failed{kForbidden}, {}, state);
}

std::optional<Failure> tell(decltype(Statement::apply) apply, const Row& row, NodeState& state) {
  const PgResult rows = result_of({row});
  return apply(rows.get(), {}, state);
}

NodeState standby() {
  NodeState state;
  state.in_recovery = true;
  return state;
}

Row receiver_of(const Cell& timeline) {
  Row row{{"pid", "7"}, {"received_tli", timeline}};
  for (const char* other : {"status", "sender_host", "sender_port", "slot_name", "flushed_lsn",
                            "latest_end_lsn", "latest_end_age", "last_message_age"}) {
    row.emplace_back(other, Cell{});
  }
  return row;
}

TEST(ApplyNodeState, KeepsTheReasonsOfWhatCouldNotBePrepared) {
  NodeState state;
  state.missing.slots = kForbidden;
  EXPECT_FALSE(tell(apply_node_state,
                    {{"in_recovery", "f"},
                     {"current_wal_flush_lsn", "0/1"},
                     {"receive_lsn", {}},
                     {"replay_lsn", {}},
                     {"recovery_end_lsn", {}},
                     {"was_streamed_to", "f"},
                     {"has_pg_monitor", "t"}},
                    state));
  EXPECT_EQ(state.missing.slots, kForbidden) << "no slots would be a lie";
}

TEST(ApplyParts, ThatAreForbiddenAreMissingForThatReason) {
  NodeState state = standby();
  EXPECT_EQ(fail(apply_server, state), kForbidden);
  EXPECT_EQ(fail(apply_replay, state), kForbidden);
  EXPECT_EQ(fail(apply_replay_conflict, state), kForbidden);
  EXPECT_EQ(state.missing.server, kForbidden);
  EXPECT_EQ(state.missing.replay, kForbidden);
  EXPECT_EQ(state.missing.replay_conflict, kForbidden);
  EXPECT_FALSE(tell(apply_replay, {{"replay_paused", "t"}, {"last_xact_replay_age", {}}}, state));
  EXPECT_EQ(state.missing.replay, std::nullopt);
  EXPECT_EQ(state.replay_paused, true);
}

TEST(ApplyTimeline, IsThePrimarysOwnWhateverItsControlFileWouldSay) {
  NodeState state;
  EXPECT_FALSE(tell(apply_written_timeline, {{"written_timeline", "2"}}, state));
  EXPECT_EQ(fail(apply_replayed_timeline, state), kForbidden) << "the next poll goes one by one";
  EXPECT_EQ(state.timeline, 2U);
  EXPECT_EQ(state.missing, MissingParts{});
}

TEST(ApplyTimeline, ThatIsForbiddenIsMissingForThatReason) {
  NodeState primary;
  fail(apply_written_timeline, primary);
  tell(apply_replayed_timeline, {{"replayed_timeline", {}}}, primary);
  EXPECT_EQ(primary.timeline, std::nullopt);
  EXPECT_EQ(primary.missing.timeline, kForbidden);

  NodeState other = standby();
  tell(apply_written_timeline, {{"written_timeline", {}}}, other);
  fail(apply_replayed_timeline, other);
  tell(apply_wal_receiver, receiver_of({}), other);
  EXPECT_EQ(other.missing.timeline, kForbidden) << "the receiver does not show it either";
}

TEST(ApplyTimeline, OfAStandbyIsItsReceiversBeforeItsControlFiles) {
  NodeState state = standby();
  tell(apply_replayed_timeline, {{"replayed_timeline", "1"}}, state);
  EXPECT_EQ(state.timeline, 1U);
  EXPECT_FALSE(tell(apply_wal_receiver, receiver_of("2"), state));
  EXPECT_EQ(state.timeline, 2U);

  NodeState forbidden = standby();
  fail(apply_replayed_timeline, forbidden);
  tell(apply_wal_receiver, receiver_of("2"), forbidden);
  EXPECT_EQ(forbidden.timeline, 2U);
  EXPECT_EQ(forbidden.missing, MissingParts{});
}

TEST(ApplyTimeline, OfAServerPromotedMeanwhileIsAskedForAgain) {
  NodeState state = standby();
  const auto failure = tell(apply_written_timeline, {{"written_timeline", "2"}}, state);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->message, "the server was promoted during the poll");
  EXPECT_EQ(state.timeline, std::nullopt) << "role and timeline must be of one moment";
}

}  // namespace
}  // namespace pgrepl
