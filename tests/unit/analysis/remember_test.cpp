// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "checks/analysis/cluster_analysis.h"
#include "checks/analysis/journal.h"
#include "tests/unit/analysis/moments.h"
#include "tests/unit/analysis/polled_pair.h"

namespace pgrepl {
namespace {

using test::at;
using test::instant;
using test::kSystem;
using test::PolledPair;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

auto position(std::uint64_t lsn) { return Field(&LsnSample::lsn, Lsn(lsn)); }

auto kind(const std::string& word) { return Field(&JournalEntry::kind, word); }

StatWalReceiverRow receiver_that_heard(Lsn position) {
  StatWalReceiverRow row;
  row.received_tli = 1;
  row.latest_end_lsn = position;
  return row;
}

// The clocks.

TEST(RememberClock, IsFedByThePrimary) {
  PolledPair pair;
  pair.poll(0);
  pair.a1().current_wal_flush_lsn = Lsn(2000);
  pair.poll(5);
  ASSERT_THAT(pair.memory.clocks, SizeIs(1));
  EXPECT_EQ(pair.memory.clocks.front().system_identifier(), kSystem);
  EXPECT_EQ(pair.memory.clocks.front().timeline(), 1U);
  EXPECT_THAT(pair.memory.clocks.front().samples(), ElementsAre(position(1000), position(2000)));
}

TEST(RememberClock, RunsOnByTheStandbysReceiverWhileThePrimaryIsSilent) {
  PolledPair pair;
  pair.poll(0);
  pair.silence(0);
  pair.a2().wal_receiver = receiver_that_heard(Lsn(3000));
  pair.poll(5);
  const LsnClock& clock = pair.memory.clocks.front();
  EXPECT_THAT(clock.samples(), ElementsAre(position(1000), position(3000)));
  EXPECT_EQ(clock.samples().back().first_seen, at(5.1))
      << "known by the end of the poll, not before";
  EXPECT_EQ(clock.samples().back().last_seen, at(0))
      << "hearsay does not say that it was no further";
}

TEST(RememberClock, HasNoNeedOfHearsayWhileThePrimaryAnswers) {
  PolledPair pair;
  pair.a2().wal_receiver = receiver_that_heard(Lsn(3000));
  pair.poll(0);
  EXPECT_THAT(pair.memory.clocks.front().samples(), ElementsAre(position(1000)));
}

TEST(RememberClock, StartsAgainAndSaysSoWhenThePositionGoesBackwards) {
  PolledPair pair;
  pair.poll(0);
  pair.a1().current_wal_flush_lsn = Lsn(500);
  pair.poll(5);
  EXPECT_THAT(pair.memory.clocks.front().samples(), ElementsAre(position(500)));
  ASSERT_THAT(pair.memory.journal, ElementsAre(kind(event::kPositionWentBack)));
  EXPECT_EQ(pair.memory.journal.front().node, "a1");
  EXPECT_EQ(pair.memory.journal.front().evidence, "0/1F4 on timeline 1, after 0/3E8 had been seen");
  EXPECT_EQ(pair.memory.journal.front().at, instant(5.1).wall);
}

TEST(RememberClock, CarriesOverAtAPromotionWhatTheNewPrimaryHadReplayed) {
  PolledPair pair;
  pair.poll(0);
  pair.a1().current_wal_flush_lsn = Lsn(2000);
  pair.a2().replay_lsn = Lsn(1500);
  pair.poll(5);
  pair.silence(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  pair.poll(10);
  ASSERT_THAT(pair.memory.clocks, SizeIs(2));
  const LsnClock& next = pair.memory.clocks.back();
  EXPECT_EQ(next.timeline(), 2U);
  EXPECT_THAT(next.samples(), ElementsAre(position(1000), position(1500), position(1800)))
      << "2000 may never have reached it";
}

TEST(RememberClock, StartsAnewWhenTheNewPrimarysPastIsNotKnown) {
  PolledPair pair;
  pair.silence(1);
  pair.poll(0);
  pair.silence(0);
  pair.wake(1);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  pair.poll(5);
  EXPECT_THAT(pair.memory.clocks.back().samples(), ElementsAre(position(1800)));
}

TEST(RememberClock, StartsAnewWhenATimelineInBetweenWasMissed) {
  PolledPair pair;
  pair.poll(0);
  pair.silence(0);
  PolledPair::promote(pair.a2(), 3, Lsn(1800));
  pair.poll(5);
  EXPECT_THAT(pair.memory.clocks.back().samples(), ElementsAre(position(1800)));
}

TEST(RememberClock, KeepsOneForEachOfTwoPrimaries) {
  PolledPair pair;
  pair.poll(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1001));
  pair.a1().current_wal_flush_lsn = Lsn(4000);
  pair.poll(5);
  ASSERT_THAT(pair.memory.clocks, SizeIs(2));
  EXPECT_THAT(pair.memory.clocks[0].samples(), ElementsAre(position(1000), position(4000)));
  EXPECT_THAT(pair.memory.clocks[1].samples(), ElementsAre(position(1000), position(1001)));
}

TEST(RememberClock, TrustsNothingWhileTwoPrimariesShareATimeline) {
  PolledPair pair;
  pair.poll(0);
  PolledPair::promote(pair.a2(), 1, Lsn(1001));
  pair.poll(5);
  EXPECT_THAT(pair.memory.clocks, IsEmpty());
}

TEST(RememberClock, KeepsTheFourUsedLast) {
  PolledPair pair;
  for (std::uint32_t timeline = 1; timeline <= 6; ++timeline) {
    pair.a1().timeline = timeline;
    pair.poll(5.0 * timeline);
  }
  ASSERT_THAT(pair.memory.clocks, SizeIs(ClusterMemory::kMaxClocks));
  EXPECT_EQ(pair.memory.clocks.front().timeline(), 3U);
  pair.a1().timeline = 3;
  pair.poll(50);
  EXPECT_EQ(pair.memory.clocks.back().timeline(), 3U) << "a clock in use is the last to go";
}

// Slots, waiters, the archiver.

TEST(RememberSlots, KnowsSinceWhenASlotIsUnused) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot"}};
  pair.poll(0);
  pair.poll(5);
  EXPECT_THAT(pair.memory.slot_inactive_since, ElementsAre(Pair(Pair("a1", "a2_slot"), at(0.1))));
}

TEST(RememberSlots, ForgetsASlotThatIsUsedAgainOrGone) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "used"}, {.slot_name = "gone"}};
  pair.poll(0);
  pair.a1().slots = {{.slot_name = "used", .active = true}};
  pair.poll(5);
  EXPECT_THAT(pair.memory.slot_inactive_since, IsEmpty());
}

TEST(RememberSlots, KeepsItsTimesWhileTheNodeOrItsSlotsCannotBeRead) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot"}};
  pair.poll(0);
  pair.silence(0);
  pair.poll(5);
  pair.wake(0);
  pair.a1().slots.clear();
  pair.a1().missing.slots = Failure{FailureClass::query_failed, "slots: cancelled"};
  pair.poll(10);
  EXPECT_THAT(pair.memory.slot_inactive_since, SizeIs(1));
}

TEST(RememberSlots, ForgetsANodeThatIsNoLongerConfigured) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot"}};
  pair.poll(0);
  pair.snapshot().nodes.erase(pair.snapshot().nodes.begin());
  pair.poll(5);
  EXPECT_THAT(pair.memory.slot_inactive_since, IsEmpty());
  EXPECT_THAT(pair.memory.last_role, ElementsAre(Pair("a2", "standby")));
}

TEST(RememberSyncRep, TimesEachWaitByItsIdentity) {
  PolledPair pair;
  const SyncRepWaiter first{.pid = 7, .backend_start_us = 1, .query_start_us = 2};
  const SyncRepWaiter next{.pid = 7, .backend_start_us = 1, .query_start_us = 3};
  pair.a1().sync_rep_waiters = {first};
  pair.poll(0);
  pair.a1().sync_rep_waiters = {next};
  pair.poll(5);
  EXPECT_THAT(pair.memory.sync_rep_since, ElementsAre(Pair(Pair("a1", next), at(5.1))));
}

TEST(RememberSyncRep, TellsTheCommitsOfOneProcedureApart) {
  PolledPair pair;
  pair.a1().sync_rep_waiters = {{.pid = 7, .query_start_us = 2, .backend_xid = 900}};
  pair.poll(0);
  pair.a1().sync_rep_waiters.front().backend_xid = 950;
  pair.poll(5);
  EXPECT_EQ(pair.memory.sync_rep_since.begin()->second, at(5.1));
}

TEST(RememberSyncRep, DoesNotTakeAHiddenWaitForAnEndedOne) {
  PolledPair pair;
  pair.a1().sync_rep_waiters = {{.pid = 7}};
  pair.poll(0);
  pair.a1().sync_rep_waiters.clear();
  pair.a1().has_pg_monitor = false;
  pair.poll(5);
  EXPECT_THAT(pair.memory.sync_rep_since, SizeIs(1));
}

StatArchiverRow archiver(std::optional<Seconds> archived_age, std::optional<Seconds> failed_age) {
  StatArchiverRow row;
  row.last_archived_age = archived_age;
  row.last_failed_age = failed_age;
  return row;
}

TEST(RememberArchiver, IsInTroubleSinceItsLastAttemptFailed) {
  PolledPair pair;
  pair.a1().archive_status.value = ArchiveStatusDirectory{};
  pair.a1().archiver.value = archiver(Seconds{100}, Seconds{3});
  pair.poll(0);
  pair.poll(5);
  EXPECT_THAT(pair.memory.archive_trouble_since, ElementsAre(Pair("a1", at(0.1))));
  pair.a1().archiver.value = archiver(Seconds{1}, Seconds{30});
  pair.poll(10);
  EXPECT_THAT(pair.memory.archive_trouble_since, IsEmpty());
}

TEST(RememberArchiver, IsInTroubleWhenFilesWaitAndNoneIsFinished) {
  PolledPair pair;
  pair.a1().archiver.value = archiver(Seconds{300}, std::nullopt);
  pair.poll(0);
  EXPECT_THAT(pair.memory.archive_trouble_since, IsEmpty()) << "an idle archiver is a healthy one";
  pair.a1().archive_status.value = {.ready_files = 1, .oldest_ready_age = Seconds{61}};
  pair.poll(5);
  EXPECT_THAT(pair.memory.archive_trouble_since, SizeIs(1));
  pair.a1().archiver.value = archiver(Seconds{2}, std::nullopt);
  pair.poll(10);
  EXPECT_THAT(pair.memory.archive_trouble_since, IsEmpty()) << "slow, but moving";
}

TEST(RememberArchiver, KeepsItsTimeWhileItsRowIsNotKnown) {
  PolledPair pair;
  pair.a1().archiver.value = archiver(std::nullopt, Seconds{3});
  pair.poll(0);
  pair.a1().archiver.value.reset();
  pair.poll(5);
  EXPECT_THAT(pair.memory.archive_trouble_since, SizeIs(1));
}

TEST(RememberArchiver, DoesNotMindAnOldFailureWhereNothingIsArchived) {
  PolledPair pair;
  pair.a1().archiver.value = pair.a2().archiver.value = archiver(std::nullopt, Seconds{3});
  pair.a1().settings.value.emplace().archive_mode = "off";
  pair.poll(0);
  EXPECT_THAT(pair.memory.archive_trouble_since, IsEmpty()) << "off, and a standby";
  pair.a2().settings.value.emplace().archive_mode = "always";
  pair.poll(5);
  EXPECT_THAT(pair.memory.archive_trouble_since, ElementsAre(Pair("a2", at(5.1))));
}

// A server of another system at a node's address, as after an upgrade of both nodes.

TEST(RememberReplaced, KeepsNothingOfTheServerBefore) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot"}};
  pair.a1().current_wal_flush_lsn = Lsn(9000);
  for (int second = 0; second < 60; second += 5) pair.poll(second);
  for (NodeState* node : {&pair.a1(), &pair.a2()}) node->system_identifier = "8123456789";
  pair.a1().current_wal_flush_lsn = Lsn(2000);
  pair.poll(60);
  EXPECT_EQ(pair.memory.slot_inactive_since.at({"a1", "a2_slot"}), at(60.1));
  EXPECT_EQ(pair.memory.lag_history.at("a2").points().size(), 1U) << "no rate over two systems";
  EXPECT_EQ(pair.memory.primary_since.at("a1").seen, pair.a1().position_read.ended);
  EXPECT_THAT(pair.memory.journal,
              ElementsAre(kind(event::kSystemChanged), kind(event::kSystemChanged)));
  EXPECT_FALSE(pair.memory.failover);
}

TEST(RememberReplaced, KeepsWhatWasSeenOfTheOtherNodes) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot"}};
  pair.poll(0);
  pair.a2().system_identifier = "8123456789";
  pair.poll(5);
  EXPECT_EQ(pair.memory.slot_inactive_since.at({"a1", "a2_slot"}), at(0.1));
}

// Roles, sync, journal, holds.

TEST(RememberRoles, WritesAChangeIntoTheJournal) {
  PolledPair pair;
  pair.poll(0);
  EXPECT_THAT(pair.memory.journal, IsEmpty()) << "meeting a node is no change";
  pair.silence(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  pair.poll(5);
  ASSERT_THAT(pair.memory.journal, ElementsAre(kind(event::kPromoted), kind(event::kFailover)));
  EXPECT_EQ(pair.memory.journal.front().node, "a2");
  EXPECT_EQ(pair.memory.last_role.at("a1"), "primary") << "as it was when it last answered";
}

TEST(RememberJournal, KeepsTheNewest) {
  PolledPair pair;
  for (std::size_t i = 0; i < ClusterMemory::kMaxJournal + 10; ++i) {
    pair.a1().in_recovery = i % 2 == 1;
    pair.poll(static_cast<double>(i));
  }
  EXPECT_THAT(pair.memory.journal, SizeIs(ClusterMemory::kMaxJournal));
  EXPECT_EQ(pair.memory.journal.back().at, pair.snapshot().taken.wall);
}

TEST(RememberSync, NeverForgetsThatASynchronousStandbyWasSeen) {
  PolledPair pair;
  pair.a1().wal_senders = {{.application_name = "a2", .sync_state = "potential"}};
  pair.poll(0);
  EXPECT_FALSE(pair.memory.sync_seen);
  pair.a1().wal_senders.front().sync_state = "quorum";
  pair.poll(5);
  pair.a1().wal_senders.clear();
  pair.poll(10);
  EXPECT_TRUE(pair.memory.sync_seen);
}

TEST(RememberHolds, LeavesThemToTheJudge) {
  PolledPair pair;
  const HoldMemory hold{
      .published = State::ok, .pending = State::critical, .since = at(3), .polls = 2};
  pair.memory.holds[{"replication", "a2", ""}] = hold;
  pair.poll(5);
  EXPECT_EQ(pair.memory.holds.at({"replication", "a2", ""}), hold);
}

}  // namespace
}  // namespace pgrepl
