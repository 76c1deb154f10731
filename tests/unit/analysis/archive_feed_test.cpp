// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/archive_feed.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis/moments.h"

namespace pgrepl::test {
namespace {

/// A standby with a restore_command and without a receiver.
struct Orphan {
  NodeSnapshot node{.name = "b", .state = NodeState{}};
  ClusterMemory memory;

  Orphan() {
    state().in_recovery = true;
    state().has_pg_monitor = true;
    state().settings.value.emplace().restore_configured = true;
    state().settings.value->upstream_configured = true;
  }
  NodeState& state() { return *node.state; }

  bool fed(double second, std::uint64_t replayed) {
    state().replay_lsn = Lsn{replayed};
    note_archive_feed(memory, node, at(second));
    return is_fed_from_archive(node, memory, at(second));
  }
};

TEST(ArchiveFeed, IsSeenWhenReplayMovesBeyondWhatWasReceived) {
  Orphan standby;
  standby.state().receive_lsn = Lsn{2000};
  EXPECT_FALSE(standby.fed(0, 1000));
  EXPECT_FALSE(standby.fed(5, 2000)) << "it replays what it had received";
  EXPECT_TRUE(standby.fed(10, 2001));
  EXPECT_TRUE(standby.fed(900, 2001)) << "the next file may take a while";
  EXPECT_FALSE(standby.fed(920, 2001));
}

TEST(ArchiveFeed, EndsWithTheReceiver) {
  Orphan standby;
  standby.fed(0, 1000);
  ASSERT_TRUE(standby.fed(5, 2000));
  standby.state().wal_receiver.emplace();
  EXPECT_FALSE(standby.fed(10, 3000));
  standby.state().wal_receiver.reset();
  EXPECT_FALSE(standby.fed(15, 3000));
}

TEST(ArchiveFeed, NeedsARestoreCommand) {
  Orphan standby;
  standby.state().settings.value->restore_configured = false;
  standby.fed(0, 1000);
  EXPECT_FALSE(standby.fed(5, 2000));
  standby.state().settings.value.reset();
  EXPECT_FALSE(standby.fed(10, 3000));
}

TEST(ArchiveFeed, IsAllThereIsWithoutAnUpstreamToStreamFrom) {
  Orphan standby;
  standby.state().settings.value->upstream_configured = false;
  EXPECT_TRUE(standby.fed(0, 1000));
}

TEST(ArchiveFeed, IsNotConcludedFromAReceiverThatIsHidden) {
  Orphan standby;
  standby.state().has_pg_monitor = false;
  standby.fed(0, 1000);
  EXPECT_FALSE(standby.fed(5, 2000));
}

}  // namespace
}  // namespace pgrepl::test
