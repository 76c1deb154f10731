// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/cluster_builder.h"

// Why pg_wal is big, and when its filesystem will be full.
namespace pgrepl {
namespace {

using test::ClusterBuilder;
using test::has_result;
using test::result_of;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kGigabyte = std::int64_t{1} << 30;
constexpr double kSize = 100.0 * kGigabyte;

/// A pair whose primary has a WAL filesystem of 100 GB, used by so much.
ClusterBuilder with_disk(double used_share) {
  ClusterBuilder pair;
  pair.policy.nodes[0].host_configured = true;
  const double free = (1 - used_share) * kSize;
  pair.snapshot.nodes[0].host = HostSnapshot{
      .directories = {{.purpose = DirectoryPurpose::wal,
                       .path = "/pg_wal",
                       .filesystem = Filesystem{.size = kSize, .free = free, .available = free}}}};
  return pair;
}

Filesystem& disk(ClusterBuilder& pair) {
  return pair.snapshot.nodes[0].host->directories.front().filesystem.value();
}

/// Polls every minute for so many hours, while so many GB an hour are used up.
ClusterReport fill(ClusterBuilder& pair, double hours, double gigabytes_per_hour) {
  for (int minute = 1; minute < hours * 60; ++minute) {
    disk(pair).free = disk(pair).available -= gigabytes_per_hour * kGigabyte / 60;
    pair.poll(60);
  }
  return pair.poll(60);
}

CheckResult eta(const ClusterReport& report) {
  return result_of(report, "disk_full_eta", "a1", "wal");
}

TEST(DiskFullEta, IsCriticalLessThanFourHoursBeforeTheEnd) {
  ClusterBuilder pair = with_disk(0.7);
  const CheckResult result = eta(fill(pair, 1, 10));
  EXPECT_EQ(result.state, State::critical);
  EXPECT_EQ(result.cause, "filling_up");
  EXPECT_THAT(result.summary, HasSubstr("the wal filesystem of a1 is 79.8 % full and will be full "
                                        "in about 2 h"));
  EXPECT_FALSE(result.fix.empty());
}

TEST(DiskFullEta, WarnsADayBefore) {
  ClusterBuilder pair = with_disk(0.7);
  EXPECT_EQ(eta(fill(pair, 5, 2)).state, State::warning);
}

TEST(DiskFullEta, KeepsQuietWhileThereIsRoomEnough) {
  ClusterBuilder pair = with_disk(0.3);
  const ClusterReport report = fill(pair, 1, 20);
  EXPECT_EQ(eta(report).state, State::ok) << "60 % used at the most";
  EXPECT_TRUE(report.analysis.nodes[0].disks.front().full_in) << "it is published all the same";
}

TEST(DiskFullEta, KeepsQuietOfAFullDiskThatDoesNotFillFurther) {
  ClusterBuilder pair = with_disk(0.95);
  const CheckResult result = eta(fill(pair, 7, 0));
  EXPECT_EQ(result.state, State::ok) << "disk_usage tells of it";
  EXPECT_THAT(result.summary, HasSubstr("not filling up in sight"));
}

TEST(DiskFullEta, KeepsQuietUntilItHasWatchedForHalfAnHour) {
  ClusterBuilder pair = with_disk(0.7);
  const CheckResult result = eta(fill(pair, 0.4, 30));
  EXPECT_EQ(result.state, State::ok);
  EXPECT_THAT(result.summary, HasSubstr("too short for a forecast"));
}

TEST(DiskFullEta, NamesTheSlotThatFillsTheDisk) {
  ClusterBuilder pair = with_disk(0.7);
  pair.cut_standby();
  pair.write(40 * kGigabyte);
  pair.primary().wal_directory.value->bytes = 41 * kGigabyte;
  const CheckResult result = eta(fill(pair, 1, 10));
  EXPECT_EQ(result.cause, "slots");
  EXPECT_EQ(result.other_object, "a2_slot");
  EXPECT_EQ(result.summary,
            "the wal filesystem of a1 is 79.8 % full and will be full in about 2 h 1 min: slot "
            "a2_slot keeps WAL");
  EXPECT_THAT(result.fix.front(), HasSubstr("slot a2_slot"));
}

TEST(DiskFullEta, NamesTheArchiverThatFillsTheDisk) {
  ClusterBuilder pair = with_disk(0.7);
  pair.primary().wal_directory.value->bytes = 41 * kGigabyte;
  pair.primary().archive_status.value = ArchiveStatusDirectory{.ready_files = 2500};
  const CheckResult result = eta(fill(pair, 1, 10));
  EXPECT_EQ(result.cause, "archive");
  EXPECT_THAT(result.summary, HasSubstr(": WAL waits for the archiver"));
  EXPECT_EQ(result.fix.front(), "see check archive of a1");
}

TEST(DiskFullEta, StartsAnewWithAnotherFilesystem) {
  ClusterBuilder pair = with_disk(0.7);
  fill(pair, 1, 10);
  disk(pair).size *= 2;
  EXPECT_EQ(pair.poll(60).analysis.nodes[0].disks.front().watched, Seconds{0});
}

TEST(DiskFullEta, GoesOnThroughARestartOfTheExporter) {
  ClusterBuilder pair = with_disk(0.7);
  fill(pair, 1, 10);
  pair.memory =
      *decode_memory(encode_memory(pair.memory, pair.snapshot.taken), pair.snapshot.taken);
  EXPECT_EQ(eta(fill(pair, 0.02, 10)).state, State::critical);
}

TEST(DiskFullEta, IsNotKnownOfADirectoryThatCannotBeRead) {
  ClusterBuilder pair = with_disk(0.7);
  fill(pair, 1, 10);
  pair.snapshot.nodes[0].host->directories.front().filesystem =
      Failed{Failure{FailureClass::permission, "/pg_wal: permission denied"}};
  pair.poll();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(eta(report).state, State::unknown);
  EXPECT_FALSE(report.analysis.nodes[0].disks.front().full_in) << "an old forecast is none";
}

TEST(DiskFullEta, IsLeftOutWithoutAHostSource) {
  ClusterBuilder pair;
  EXPECT_FALSE(has_result(pair.poll(), "disk_full_eta", "a1"));
}

// --- how full they are ---------------------------------------------------------------------------

/// The verdict on a filesystem for that purpose with so little room.
CheckResult nearly_full(DirectoryPurpose purpose, double available) {
  ClusterBuilder pair = with_disk(0.5);
  pair.snapshot.nodes[0].host->directories.front().purpose = purpose;
  disk(pair).free = disk(pair).available = available;
  return result_of(pair.poll(), "disk_usage", "a1", std::string{to_string(purpose)});
}

TEST(DiskUsage, SaysOfAFullArchiveThatItHoldsUpTheArchiverAndNotTheServer) {
  EXPECT_EQ(nearly_full(DirectoryPurpose::wal, 4096).cause, "full");
  const CheckResult archive = nearly_full(DirectoryPurpose::archive, 4096);
  EXPECT_EQ(archive.cause, "archive_full");
  for (const std::string& line : archive.fix) EXPECT_THAT(line, Not(HasSubstr("systemctl")));
  EXPECT_EQ(nearly_full(DirectoryPurpose::archive, kGigabyte).cause, "filling_up");
}

TEST(DiskUsage, HasTheOtherNodesLookedAtBeforeAStoppedPrimaryIsStarted) {
  const std::vector<std::string> fix = nearly_full(DirectoryPurpose::wal, 4096).fix;
  const auto place_of = [&](std::string_view what) {
    return std::ranges::find_if(
        fix, [&](const std::string& line) { return line.find(what) != std::string::npos; });
  };
  const auto promoted = place_of("pg_is_in_recovery");
  const auto start = place_of("systemctl start");
  ASSERT_NE(start, fix.end());
  EXPECT_LT(promoted, start) << "an old primary beside a promoted standby is a split brain";
  EXPECT_THAT(*promoted, HasSubstr("do not start a1 as it is, see check replication of a1"));
  EXPECT_LT(place_of("pcs resource cleanup"), start);
}

// --- archiving -----------------------------------------------------------------------------------

CheckResult archive(ClusterBuilder& pair) { return result_of(pair.poll(), "archive", "a1"); }

TEST(Archive, TellsACommandThatHangsFromOneThatIsSlow) {
  ClusterBuilder pair;
  pair.thresholds =
      Thresholds{{{{"archive", "backlog"}, {.warning = above(5), .critical = {}}}}, {}, {}};
  StatArchiverRow& archiver = pair.primary().archiver.value.emplace();
  archiver.last_archived_age = Seconds{20};
  pair.primary().archive_status.value = {.ready_files = 6, .oldest_ready_age = Seconds{20}};
  const CheckResult slow = archive(pair);
  EXPECT_EQ(slow.cause, "backlog");
  EXPECT_EQ(slow.summary, "archiving on a1: the last file was done 20 s ago, 6 files wait");

  archiver.last_archived_age = pair.primary().archive_status.value->oldest_ready_age = Seconds{320};
  pair.poll(300);
  const CheckResult hangs = archive(pair);
  EXPECT_EQ(hangs.state, State::warning);
  EXPECT_EQ(hangs.cause, "stalled");
  EXPECT_EQ(hangs.summary,
            "archiving on a1 stands still, the last file was done 5 min 20 s ago, 6 files wait");

  archiver.last_archived_age.reset();
  EXPECT_THAT(archive(pair).summary, HasSubstr("stands still, no file was ever done"));
}

// --- why pg_wal is big ---------------------------------------------------------------------------

/// 10 GB of pg_wal on the primary, which settings do not explain.
ClusterBuilder with_big_directory() {
  ClusterBuilder pair;
  pair.primary().wal_directory.value = WalDirectory{
      .bytes = 10 * kGigabyte, .files = 640, .redo_lsn = pair.primary().current_wal_flush_lsn};
  return pair;
}

std::optional<std::int64_t> kept(const ClusterReport& report, WalHolder holder) {
  return report.analysis.nodes[0].wal_use->by(holder);
}

CheckResult directory(const ClusterReport& report) {
  return result_of(report, "wal_directory", "a1");
}

TEST(WalUse, NamesTheSlotThatHoldsMostOfIt) {
  ClusterBuilder pair = with_big_directory();
  const auto restart = pair.primary().current_wal_flush_lsn;
  pair.write(9 * kGigabyte).replay_all();
  pair.slot().restart_lsn = restart;
  pair.primary().wal_directory.value->redo_lsn = pair.primary().current_wal_flush_lsn;
  const ClusterReport report = pair.poll();
  EXPECT_EQ(directory(report).cause, "slots");
  EXPECT_EQ(directory(report).summary,
            "pg_wal of a1 has 10 GB in 640 files, slot a2_slot holds back 9 GB of it");
  EXPECT_EQ(directory(report).other_object, "a2_slot");
  EXPECT_THAT(directory(report).fix.front(), HasSubstr("slot a2_slot"));
  EXPECT_EQ(kept(report, WalHolder::slots), 9 * kGigabyte);
  EXPECT_EQ(kept(report, WalHolder::wal_keep_size), kGigabyte);
  EXPECT_EQ(kept(report, WalHolder::archive), 0);
  EXPECT_EQ(kept(report, WalHolder::checkpoint), 0);
  EXPECT_EQ(kept(report, WalHolder::rest), kGigabyte) << "what the slot leaves";
}

TEST(WalUse, NamesTheArchiver) {
  ClusterBuilder pair = with_big_directory();
  pair.primary().archive_status.value = ArchiveStatusDirectory{.ready_files = 512};
  const ClusterReport report = pair.poll();
  EXPECT_EQ(directory(report).cause, "archive");
  EXPECT_EQ(directory(report).other_object, "") << "no slot is to blame";
  EXPECT_THAT(directory(report).summary, HasSubstr("8 GB of it wait for the archiver"));
}

TEST(WalUse, NamesNoArchiverWhereNothingIsArchived) {
  ClusterBuilder pair = with_big_directory();
  pair.primary().settings.value->archive_mode = "off";
  pair.primary().archive_status = {};
  EXPECT_EQ(kept(pair.poll(), WalHolder::archive), 0);
}

TEST(WalUse, NamesTheCheckpointThatIsLate) {
  ClusterBuilder pair = with_big_directory();
  pair.write(8 * kGigabyte).replay_all();
  EXPECT_EQ(directory(pair.poll()).cause, "checkpoint");
}

TEST(WalUse, NamesWhatStaysBeforeTheCheckpointThatWillPass) {
  ClusterBuilder pair = with_big_directory();
  const auto restart = pair.primary().current_wal_flush_lsn;
  pair.write(8 * kGigabyte).replay_all();
  pair.slot().restart_lsn = Lsn{restart->bytes() + std::uint64_t{kGigabyte}};
  EXPECT_EQ(directory(pair.poll()).cause, "slots") << "though the checkpoint keeps more";
}

TEST(WalUse, NamesWalKeepSize) {
  ClusterBuilder pair = with_big_directory();
  pair.primary().settings.value->wal_keep_size = 100 * kGigabyte;
  const ClusterReport report = pair.poll();
  EXPECT_EQ(report.analysis.nodes[0].wal_use->main, WalHolder::wal_keep_size);
  EXPECT_EQ(kept(report, WalHolder::wal_keep_size), 10 * kGigabyte) << "not more than there is";
}

TEST(WalUse, IsTheRestWhenNothingNeedsIt) {
  const ClusterReport report = with_big_directory().poll();
  EXPECT_EQ(directory(report).cause, "write_load");
  EXPECT_EQ(directory(report).summary,
            "pg_wal of a1 has 10 GB in 640 files, most of it kept for reuse");
  EXPECT_EQ(kept(report, WalHolder::rest), 9 * kGigabyte);
}

TEST(WalDirectory, NamesTheNodeThatDoesNotShowIt) {
  ClusterBuilder pair;
  pair.primary().wal_directory = {.failure = Failure{FailureClass::query_failed, "canceled"}};
  pair.poll();
  const CheckResult result = directory(pair.poll());
  EXPECT_EQ(result.state, State::unknown);
  EXPECT_EQ(result.other_node, "a1") << "whatever rights the monitoring role has";
}

TEST(WalUse, LeavesOpenWhatCouldNotBeRead) {
  ClusterBuilder pair = with_big_directory();
  pair.primary().settings = {};
  pair.primary().wal_directory.value->redo_lsn.reset();
  const ClusterReport report = pair.poll();
  EXPECT_EQ(kept(report, WalHolder::wal_keep_size), std::nullopt);
  EXPECT_EQ(kept(report, WalHolder::archive), std::nullopt);
  EXPECT_EQ(kept(report, WalHolder::checkpoint), std::nullopt);
  EXPECT_EQ(kept(report, WalHolder::rest), std::nullopt);
  EXPECT_EQ(kept(report, WalHolder::slots), 0);
  EXPECT_EQ(directory(report).cause, "none") << "nobody knows that nothing needs it";
  EXPECT_THAT(directory(report).summary, HasSubstr("not all of what keeps it is known"));
}

}  // namespace
}  // namespace pgrepl
