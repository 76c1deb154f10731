// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/analysis/polled_pair.h"

namespace pgrepl {
namespace {

using test::at;
using test::instant;
using test::kSystem;
using test::PolledPair;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// "KIND NODE: EVIDENCE", with "(OBJECT)" and "for SECONDS" where an event has them.
std::string told(const JournalEntry& entry) {
  std::string text = entry.kind + " " + entry.node + ": " + entry.evidence;
  if (!entry.object.empty()) text += " (" + entry.object + ")";
  if (entry.duration) text += " for " + std::to_string(std::lround(entry.duration->count()));
  return text;
}

std::vector<std::string> journal_of(const PolledPair& pair) {
  std::vector<std::string> lines;
  for (const JournalEntry& entry : pair.memory.journal) lines.push_back(told(entry));
  return lines;
}

// A node's silence.

TEST(JournalOfSilence, BeginsWithTheSecondMissedPollAndEndsWithItsLength) {
  PolledPair pair;
  pair.poll(0);
  pair.silence(0);
  pair.poll(5);
  EXPECT_THAT(journal_of(pair), IsEmpty());
  pair.poll(10);
  pair.poll(15);
  EXPECT_THAT(journal_of(pair), ElementsAre("node_lost a1: timeout: no answer within 3 s"));
  EXPECT_EQ(pair.memory.journal.front().at, instant(5.1).wall) << "when it was first missed";
  pair.wake(0);
  pair.poll(45);
  ASSERT_THAT(pair.memory.journal, SizeIs(2));
  EXPECT_EQ(told(pair.memory.journal[1]), "node_back a1: as a primary for 40");
  EXPECT_THAT(pair.memory.silence, IsEmpty());
}

TEST(JournalOfSilence, DoesNotTellOfOneMissedPoll) {
  PolledPair pair;
  pair.poll(0);
  pair.silence(1);
  pair.poll(5);
  pair.wake(1);
  pair.poll(10);
  pair.silence(1);
  pair.poll(15);
  EXPECT_THAT(journal_of(pair), IsEmpty());
}

TEST(JournalOfSilence, DoesNotMissWhatNeverAnswered) {
  PolledPair pair;
  pair.silence(1);
  for (const double second : {0, 5, 10, 15}) pair.poll(second);
  EXPECT_THAT(journal_of(pair), IsEmpty());
}

// Roles and restarts.

TEST(JournalOfRoles, TellsOfAPromotionWithTimelinesAndPositions) {
  PolledPair pair;
  pair.poll(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  pair.poll(5);
  EXPECT_THAT(
      journal_of(pair),
      ElementsAre("promoted a2: standby -> primary, timeline 1 -> 2, at 0/708, had replayed "
                  "0/3E8 when last seen as a standby"));
}

TEST(JournalOfRoles, TellsOfAPrimaryThatComesBackAsAStandby) {
  PolledPair pair;
  pair.poll(0);
  pair.a1().in_recovery = true;
  pair.a1().timeline = 2;
  pair.poll(5);
  EXPECT_THAT(journal_of(pair),
              ElementsAre("role_changed a1: primary -> standby", "timeline_switched a1: 1 -> 2"));
}

TEST(JournalOfRoles, TellsOfAPrimaryThatWasRestarted) {
  PolledPair pair;
  pair.a1().postmaster_start_timestamp = 1700000000.25;
  pair.a2().postmaster_start_timestamp = 1700000000.5;
  pair.poll(0);
  pair.poll(5);
  pair.a1().postmaster_start_timestamp = 1700000012.125;
  pair.a2().postmaster_start_timestamp = 1700000013;
  pair.poll(10);
  EXPECT_THAT(journal_of(pair),
              ElementsAre("primary_restarted a1: postmaster started anew, at 0/3E8 for 5"))
      << "a standby's restart is told by nothing but its absence";
}

TEST(JournalOfRoles, TakesAPromotionForNoRestart) {
  PolledPair pair;
  pair.a2().postmaster_start_timestamp = 1700000000.25;
  pair.poll(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  pair.a2().postmaster_start_timestamp = 1700000012.125;
  pair.poll(5);
  ASSERT_THAT(pair.memory.journal, SizeIs(1));
  EXPECT_EQ(pair.memory.journal.front().kind, event::kPromoted);
}

// Histories.

TEST(JournalOfTimelines, TellsOfAStandbyThatFollowsOntoTheNextOne) {
  PolledPair pair;
  pair.poll(0);
  pair.a2().timeline = 2;
  pair.poll(5);
  EXPECT_THAT(journal_of(pair), ElementsAre("timeline_switched a2: 1 -> 2"));
}

TEST(JournalOfTimelines, DoesNotBelieveAControlFileThatIsBehind) {
  PolledPair pair;
  pair.a2().timeline = 2;
  pair.poll(0);
  pair.a2().timeline = 1;  // its receiver is gone
  pair.poll(5);
  pair.a2().timeline = 2;
  pair.poll(10);
  EXPECT_THAT(journal_of(pair), IsEmpty());
}

TEST(JournalOfTimelines, BelievesAReceiverThatGoesBackToAnOlderOne) {
  PolledPair pair;
  pair.a2().timeline = 2;
  pair.poll(0);
  pair.a2().timeline = 1;
  pair.a2().wal_receiver.emplace().received_tli = 1;
  pair.poll(5);
  EXPECT_THAT(journal_of(pair), ElementsAre("timeline_switched a2: 2 -> 1"));
}

TEST(JournalOfTimelines, ComparesNothingOfAnotherSystem) {
  PolledPair pair;
  pair.poll(0);
  pair.a2().system_identifier = "42";
  pair.a2().timeline = 9;
  PolledPair::promote(pair.a2(), 9, Lsn(5));
  pair.poll(5);
  pair.poll(10);
  EXPECT_THAT(journal_of(pair), ElementsAre("system_changed a2: " + kSystem + " -> 42"));
}

// Replication.

StatWalReceiverRow receiver_from(const std::string& host) {
  StatWalReceiverRow row;
  row.sender_host = host;
  row.sender_port = 5432;
  return row;
}

TEST(JournalOfUpstreams, TellsOfAnotherOneAlsoAfterATimeWithoutAny) {
  PolledPair pair;
  pair.a2().wal_receiver = receiver_from("10.0.0.1");
  pair.poll(0);
  pair.a2().wal_receiver.reset();
  pair.poll(5);
  pair.a2().wal_receiver = receiver_from("10.0.0.1");
  pair.poll(10);
  EXPECT_THAT(journal_of(pair), IsEmpty()) << "the same one again";
  pair.a2().wal_receiver.reset();
  pair.poll(15);
  pair.a2().wal_receiver = receiver_from("10.0.0.3");
  pair.poll(20);
  EXPECT_THAT(journal_of(pair), ElementsAre("upstream_changed a2: 10.0.0.1:5432 -> 10.0.0.3:5432"));
}

TEST(JournalOfSync, TellsWhoIsSynchronousAndForHowLongNobodyWas) {
  PolledPair pair;
  pair.a1().wal_senders = {{.application_name = "a2", .sync_state = "sync"}};
  pair.poll(0);
  pair.a1().wal_senders.clear();
  pair.poll(5);
  pair.poll(10);
  pair.a1().wal_senders = {{.application_name = "a3", .sync_state = "quorum"},
                           {.application_name = "a2", .sync_state = "quorum"}};
  pair.poll(25);
  EXPECT_THAT(journal_of(pair), ElementsAre("sync_changed a1: synchronous: a2 -> none",
                                            "sync_changed a1: synchronous: none -> a2, a3 for 20"));
}

TEST(JournalOfSync, DoesNotTakeHiddenWalsendersForNone) {
  PolledPair pair;
  pair.a1().wal_senders = {{.application_name = "a2", .sync_state = "sync"}};
  pair.poll(0);
  pair.a1().wal_senders.clear();
  pair.a1().has_pg_monitor = false;
  pair.poll(5);
  pair.a1().has_pg_monitor = true;
  pair.a1().missing.wal_senders = Failure{FailureClass::query_failed, "walsenders: cancelled"};
  pair.poll(10);
  pair.silence(0);
  pair.poll(15);
  EXPECT_THAT(journal_of(pair), IsEmpty());
}

TEST(JournalOfSync, SaysNothingWhileTwoNodesArePrimary) {
  PolledPair pair;
  pair.a1().wal_senders = {{.application_name = "a2", .sync_state = "sync"}};
  pair.poll(0);
  PolledPair::promote(pair.a2(), 2, Lsn(1800));
  pair.a1().wal_senders.clear();
  pair.poll(5);
  ASSERT_THAT(pair.memory.journal, SizeIs(1));
  EXPECT_EQ(pair.memory.journal.front().kind, event::kPromoted);
}

TEST(JournalOfSlots, TellsOfALossOnce) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot", .wal_status = "unreserved"}};
  pair.poll(0);
  pair.a1().slots.front().wal_status = "lost";
  pair.poll(5);
  pair.a1().missing.slots = Failure{FailureClass::query_failed, "slots: cancelled"};
  pair.poll(10);
  pair.a1().missing.slots.reset();
  pair.poll(15);
  EXPECT_THAT(journal_of(pair),
              ElementsAre("slot_lost a1: the WAL that a2_slot needs is removed (a2_slot)"));
}

TEST(JournalOfSlots, DoesNotTellOfALossThatItMeets) {
  PolledPair pair;
  pair.a1().slots = {{.slot_name = "a2_slot", .wal_status = "lost"}};
  pair.poll(0);
  pair.poll(5);
  EXPECT_THAT(journal_of(pair), IsEmpty());
}

// The journal itself.

TEST(Journal, LetsTheKindGoThatThereIsMostOf) {
  ClusterMemory memory;
  write_down(memory, {.at = instant(0).wall, .kind = event::kPromoted, .node = "a2"});
  for (int i = 1; i <= 1000; ++i) {
    const char* kind = i % 2 == 1 ? event::kNodeLost : event::kNodeBack;
    write_down(memory, {.at = instant(i).wall, .kind = kind, .node = "a1"});
  }
  EXPECT_THAT(memory.journal, SizeIs(ClusterMemory::kMaxJournal));
  EXPECT_EQ(memory.journal.front().kind, event::kPromoted);
  EXPECT_EQ(memory.journal.back().at, instant(1000).wall);
  EXPECT_EQ(memory.event_counts[event::kNodeLost], 500U) << "also those that made room";
}

TEST(Journal, KeepsEvidenceToOneLineOfBoundedLength) {
  ClusterMemory memory;
  write_down(memory, {.kind = event::kNodeLost, .evidence = "a\nb" + std::string(5000, 'x')});
  EXPECT_EQ(memory.journal.front().evidence.substr(0, 3), "a b");
  EXPECT_LE(memory.journal.front().evidence.size(), 303U);
}

TEST(Journal, KnowsEveryKindThatIsWritten) {
  for (const std::string_view kind : kEventKinds) EXPECT_FALSE(kind.empty());
  EXPECT_EQ(std::set(kEventKinds.begin(), kEventKinds.end()).size(), kEventKinds.size());
}

}  // namespace
}  // namespace pgrepl
