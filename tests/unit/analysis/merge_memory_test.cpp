// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/merge_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "checks/analysis/journal.h"
#include "tests/unit/analysis/moments.h"

namespace pgrepl {
namespace {

using test::at;
using test::instant;
using test::reading_at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr double kFirstPoll = 100;
const std::pair<std::string, std::string> kSlot{"a1", "a2_slot"};

ClusterMemory merged(const ClusterMemory& running, const ClusterMemory& stored) {
  return merge_memory(running, stored, instant(kFirstPoll));
}

LsnClock clock_with(std::uint32_t timeline, std::uint64_t lsn, double seconds) {
  LsnClock clock("7", timeline);
  clock.observe(Lsn(lsn), reading_at(seconds));
  return clock;
}

JournalEntry event_at(double seconds) { return {instant(seconds).wall, "lost", "a1", "gone"}; }

LagHistory lag_seen(std::uint32_t timeline, const std::vector<double>& seconds) {
  LagHistory history(timeline);
  for (const double second : seconds) history.add(at(second), Lsn(100), 7);
  return history;
}

DiskHistory disk_seen(std::int64_t size, const std::vector<double>& seconds) {
  DiskHistory history(size);
  for (const double second : seconds) history.add(at(second), 7);
  return history;
}

TEST(MergeMemory, OfAnEmptyOneIsTheOther) {
  ClusterMemory memory;
  memory.clocks = {clock_with(1, 100, 50)};
  memory.slot_inactive_since[kSlot] = at(50);
  memory.last_role["a1"] = "primary";
  memory.rewindable["a1"] = true;
  memory.forks = {{"7", 2, "a1", Lsn(10), Lsn(20)}};
  memory.primary_since["a1"] = {.timeline = 1, .seen = at(50)};
  memory.last_replayed["a2"] = {.system_identifier = "7", .timeline = 1, .read_began = at(50)};
  memory.without_receiver["a2"] = {.lsn = Lsn(90)};
  memory.lag_history["a2"] = lag_seen(1, {50, 60});
  memory.disk_history[{"a1", "wal"}] = disk_seen(9, {50, 60});
  memory.used_slot["a2"] = "a2_slot";
  memory.journal = {event_at(50)};
  memory.sync_seen = true;
  memory.last_answer["a1"] = {.read_began = at(50), .system_identifier = "7", .timeline = 1};
  memory.silence["a2"] = {.since = at(50), .polls = 2};
  memory.lost_slots.insert(kSlot);
  memory.synchronous = {.names = "a2", .since = at(50)};
  memory.event_counts["lost"] = 1;
  EXPECT_EQ(merged({}, memory), memory);
  EXPECT_EQ(merged(memory, {}), memory);
}

TEST(MergeMemory, JoinsTheHistoriesOfALagThatWasMeasuredByTheSamePrimary) {
  ClusterMemory running, stored;
  stored.last_role = running.last_role = {{"a2", "standby"}, {"a3", "standby"}};
  stored.lag_history = {{"a2", lag_seen(1, {50, 70})}, {"a3", lag_seen(1, {50, 70})}};
  running.lag_history = {{"a2", lag_seen(1, {110, 130})}, {"a3", lag_seen(2, {110})}};
  EXPECT_THAT(
      merged(running, stored).lag_history,
      ElementsAre(Pair("a2", lag_seen(1, {50, 70, 110, 130})), Pair("a3", lag_seen(2, {110}))));
}

TEST(MergeMemory, JoinsTheHistoriesOfTheSameFilesystem) {
  ClusterMemory running, stored;
  stored.disk_history[{"a1", "wal"}] = disk_seen(9, {10, 400});
  running.disk_history[{"a1", "wal"}] = disk_seen(9, {800, 1200});
  EXPECT_EQ(merged(running, stored).disk_history.begin()->second,
            disk_seen(9, {10, 400, 800, 1200}));
  running.disk_history[{"a1", "wal"}] = disk_seen(8, {800});
  EXPECT_EQ(merged(running, stored).disk_history, running.disk_history);
}

TEST(MergeMemory, PutsEventsInOrderAndTellsNoneTwice) {
  ClusterMemory running, stored;
  stored.journal = {event_at(10), event_at(120)};  // the later one by another process
  running.journal = {event_at(110), event_at(120)};
  EXPECT_THAT(merged(running, stored).journal,
              ElementsAre(event_at(10), event_at(110), event_at(120)));
}

TEST(MergeMemory, KeepsTheNewestEventsWhereThereAreTooMany) {
  ClusterMemory running, stored;
  for (std::size_t i = 0; i < ClusterMemory::kMaxJournal; ++i)
    stored.journal.push_back(event_at(1));
  for (std::size_t i = 0; i < ClusterMemory::kMaxJournal; ++i) {
    stored.journal[i].evidence = std::to_string(i);
  }
  running.journal = {event_at(200)};
  const ClusterMemory memory = merged(running, stored);
  EXPECT_THAT(memory.journal, SizeIs(ClusterMemory::kMaxJournal));
  EXPECT_EQ(memory.journal.front().evidence, "1");
  EXPECT_EQ(memory.journal.back(), event_at(200));
}

TEST(MergeMemory, TellsOfAPromotionThatFellBetweenTheTwo) {
  ClusterMemory running, stored;
  stored.last_role = {{"a1", "standby"}, {"a2", "standby"}};
  running.last_role = {{"a1", "primary"}, {"a2", "standby"}};
  EXPECT_THAT(merged(running, stored).journal,
              ElementsAre(role_changed(instant(kFirstPoll).wall, "a1", "standby", "primary")));
}

TEST(MergeMemory, TellsNoPromotionTwice) {
  ClusterMemory running, stored;
  stored.last_role["a1"] = "standby";
  running.last_role["a1"] = "primary";
  running.journal = {role_changed(instant(150).wall, "a1", "standby", "primary")};
  EXPECT_EQ(merged(running, stored).journal, running.journal);
}

TEST(MergeMemory, GoesOnWithWhatWasThereAtTheFirstPoll) {
  ClusterMemory running, stored;
  stored.slot_inactive_since[kSlot] = at(10);
  stored.archive_trouble_since["a1"] = at(20);
  running.last_role["a1"] = "primary";
  running.slot_inactive_since[kSlot] = at(kFirstPoll);
  running.archive_trouble_since["a1"] = at(kFirstPoll);
  EXPECT_EQ(merged(running, stored).slot_inactive_since[kSlot], at(10));
  EXPECT_EQ(merged(running, stored).archive_trouble_since["a1"], at(20));
}

TEST(MergeMemory, KnowsThatWhatBeganLaterHadEndedBefore) {
  ClusterMemory running, stored;
  stored.slot_inactive_since[kSlot] = at(10);
  running.last_role["a1"] = "primary";
  running.slot_inactive_since[kSlot] = at(130);
  EXPECT_EQ(merged(running, stored).slot_inactive_since[kSlot], at(130));
}

TEST(MergeMemory, ForgetsWhatANodeThatAnsweredNoLongerHas) {
  ClusterMemory running, stored;
  stored.slot_inactive_since[kSlot] = at(10);
  running.last_role["a1"] = "primary";
  EXPECT_THAT(merged(running, stored).slot_inactive_since, IsEmpty());
}

TEST(MergeMemory, TrustsTheStoreOnNodesThatHaveBeenSilentSince) {
  ClusterMemory running, stored;
  stored.last_role = {{"a1", "primary"}, {"a2", "standby"}};
  stored.slot_inactive_since[kSlot] = at(10);
  running.last_role["a2"] = "standby";
  const ClusterMemory memory = merged(running, stored);
  EXPECT_EQ(memory.last_role, stored.last_role);
  EXPECT_EQ(memory.slot_inactive_since, stored.slot_inactive_since);
  EXPECT_THAT(memory.journal, IsEmpty());
}

TEST(MergeMemory, GoesOnWithASilenceAndForgetsOneThatHasEnded) {
  ClusterMemory running, stored;
  stored.silence = {{"a1", {at(10), 9}}, {"a2", {at(10), 9}}};
  running.last_role["a2"] = "standby";
  const ClusterMemory memory = merged(running, stored);
  EXPECT_EQ(memory.silence, (std::map<std::string, Silence>{{"a1", {at(10), 9}}}));
}

TEST(MergeMemory, CountsTheEventsOfBoth) {
  ClusterMemory running, stored;
  stored.event_counts = {{"lost", 3}, {"promoted", 1}};
  running.event_counts = {{"lost", 2}};
  EXPECT_EQ(merged(running, stored).event_counts,
            (std::map<std::string, std::uint64_t>{{"lost", 5}, {"promoted", 1}}));
}

TEST(MergeMemory, KnowsForHowLongAStandbyHasBeenMissingSomething) {
  ClusterMemory running, stored;
  stored.clocks = {clock_with(1, 100, 10)};
  stored.clocks[0].observe(Lsn(200), reading_at(20));
  running.clocks = {clock_with(1, 300, 110)};
  running.clocks[0].hear(Lsn(310), at(115));
  const ClusterMemory memory = merged(running, stored);
  ASSERT_THAT(memory.clocks, SizeIs(1));
  EXPECT_THAT(memory.clocks[0].samples(), SizeIs(4));
  const LagBounds lag = memory.clocks[0].lag(Lsn(150), reading_at(120));
  EXPECT_NEAR(lag.lower->count(), 100, 0.1);
  EXPECT_NEAR(lag.upper->count(), 110, 0.1);
}

TEST(MergeMemory, BelievesOnlyTheRunningClockWhereThePositionWentBack) {
  ClusterMemory running, stored;
  stored.clocks = {clock_with(1, 500, 10)};
  running.clocks = {clock_with(1, 100, 110)};
  running.clocks[0].observe(Lsn(120), reading_at(120));
  EXPECT_EQ(merged(running, stored).clocks, running.clocks);
}

TEST(MergeMemory, PutsClocksOfOtherHistoriesBeforeTheOneInUse) {
  ClusterMemory running, stored;
  for (std::uint32_t timeline = 1; timeline <= ClusterMemory::kMaxClocks; ++timeline) {
    stored.clocks.push_back(clock_with(timeline, 100 * timeline, timeline));
  }
  running.clocks = {clock_with(7, 900, 110)};
  const ClusterMemory memory = merged(running, stored);
  EXPECT_THAT(memory.clocks, SizeIs(ClusterMemory::kMaxClocks));
  EXPECT_EQ(memory.clocks.front().timeline(), 2U);
  EXPECT_EQ(memory.clocks.back(), running.clocks.back());
}

TEST(MergeMemory, LeavesHoldsAsTheyAre) {
  ClusterMemory running, stored;
  stored.holds[{"replication", "a2", ""}] = {.published = State::critical};
  running.holds[{"node_up", "a1", ""}] = {.published = State::ok};
  EXPECT_EQ(merged(running, stored).holds, running.holds);
}

}  // namespace
}  // namespace pgrepl
