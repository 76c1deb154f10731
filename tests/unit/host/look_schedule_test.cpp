// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/look_schedule.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

const LookSchedule::NodeKey kNode{"wallix", "wallix-a1"};

SteadyTime at(double seconds) { return after(SteadyTime{}, Seconds{seconds}); }

/// A node of which only the data directory is looked at.
class OneDirectory : public testing::Test {
 protected:
  OneDirectory() {
    HostConfig host{.source = HostSource::node_exporter};
    host.paths = {{DirectoryPurpose::archive, "/archive"}};
    schedule_.add_node(kNode, host);
  }

  static std::vector<DirectorySpace> space(double size) {
    return {{.purpose = DirectoryPurpose::archive,
             .path = "/archive",
             .filesystem = Filesystem{.size = size}}};
  }

  LookSchedule schedule_{Seconds{10}, Seconds{5}};
};

TEST_F(OneDirectory, IsUnknownBeforeTheFirstLook) {
  EXPECT_FALSE(schedule_.latest(kNode));
  EXPECT_FALSE(schedule_.latest({"wallix", "another"}));
}

TEST_F(OneDirectory, IsLookedAtAtOnceAndNotTwiceAtATime) {
  const auto task = schedule_.begin_next(at(1));
  ASSERT_TRUE(task);
  EXPECT_EQ(task->directories, (std::vector{Directory{DirectoryPurpose::archive, "/archive"}}));
  EXPECT_FALSE(schedule_.begin_next(at(1)));
  EXPECT_FALSE(schedule_.begin_next(at(1000)));
}

TEST_F(OneDirectory, IsLookedAtAgainAfterTheRefreshTime) {
  schedule_.finish(schedule_.begin_next(at(0))->slot, space(7), at(2));
  EXPECT_EQ(schedule_.latest(kNode)->directories, space(7));
  EXPECT_EQ(schedule_.next_event(), at(12));
  EXPECT_FALSE(schedule_.begin_next(at(11.9)));
  EXPECT_TRUE(schedule_.begin_next(at(12)));
}

TEST_F(OneDirectory, IsSettledOnceItWasLookedAt) {
  EXPECT_FALSE(schedule_.settled());
  const auto task = schedule_.begin_next(at(0));
  EXPECT_FALSE(schedule_.settled());
  schedule_.finish(task->slot, space(7), at(2));
  EXPECT_TRUE(schedule_.settled());
  schedule_.learn(kNode, "/data", at(3));
  EXPECT_FALSE(schedule_.settled());
}

TEST_F(OneDirectory, IsSettledWhenItIsLate) {
  ASSERT_TRUE(schedule_.begin_next(at(0)));
  schedule_.mark_late(at(5));
  EXPECT_TRUE(schedule_.settled());
}

TEST(LookSchedule, IsSettledWhereThereIsNothingToLookAt) {
  LookSchedule schedule{Seconds{10}, Seconds{5}};
  EXPECT_TRUE(schedule.settled());
  schedule.add_node(kNode, {});  // its directories are still to be learnt
  EXPECT_TRUE(schedule.settled());
}

TEST_F(OneDirectory, IsATimeoutWhileALookHangs) {
  schedule_.finish(schedule_.begin_next(at(0))->slot, space(7), at(1));
  const auto hanging = schedule_.begin_next(at(11));
  ASSERT_TRUE(hanging);
  EXPECT_EQ(schedule_.next_event(), at(16));
  schedule_.mark_late(at(16));
  const auto snapshot = schedule_.latest(kNode);
  ASSERT_EQ(snapshot->directories.size(), 1U);
  ASSERT_FALSE(snapshot->directories[0].filesystem);
  EXPECT_EQ(snapshot->directories[0].filesystem.error().reason, FailureClass::timeout);
  EXPECT_EQ(snapshot->directories[0].path, "/archive");
}

TEST_F(OneDirectory, RecoversWhenAHangingLookComesBack) {
  const auto hanging = schedule_.begin_next(at(0));
  schedule_.mark_late(at(5));
  EXPECT_FALSE(schedule_.next_event());
  EXPECT_FALSE(schedule_.begin_next(at(3600)));
  schedule_.finish(hanging->slot, space(8), at(3600));
  EXPECT_EQ(schedule_.latest(kNode)->directories, space(8));
  EXPECT_TRUE(schedule_.begin_next(at(3610)));
}

TEST_F(OneDirectory, GetsCompanyOnceTheServerSpeaks) {
  schedule_.finish(schedule_.begin_next(at(0))->slot, space(7), at(1));
  schedule_.learn(kNode, "/data", at(2));
  const auto task = schedule_.begin_next(at(2));
  ASSERT_TRUE(task);
  EXPECT_EQ(task->directories.size(), 3U);
}

TEST_F(OneDirectory, IsLookedAtAgainWhenTheServerSpeaksMeanwhile) {
  const auto task = schedule_.begin_next(at(0));
  schedule_.learn(kNode, "/data", at(1));
  schedule_.finish(task->slot, space(7), at(2));
  EXPECT_TRUE(schedule_.begin_next(at(2)));
}

/// A node of this machine with some data directory, and its schedule's successor.
class Successor : public testing::Test {
 protected:
  Successor() {
    before_.add_node(kNode, {});
    before_.learn(kNode, "/data", at(0));
    before_.finish(before_.begin_next(at(0))->slot, data_, at(1));
  }

  std::vector<DirectorySpace> data_{
      {.purpose = DirectoryPurpose::data, .path = "/data", .filesystem = Filesystem{.size = 7}}};
  LookSchedule before_{Seconds{10}, Seconds{5}};
  LookSchedule next_{Seconds{10}, Seconds{5}};
};

TEST_F(Successor, KnowsWhatWasKnownAndLooksAtOnce) {
  next_.add_node({"other", "node"}, {});
  next_.add_node(kNode, {});
  next_.take_over(before_);
  EXPECT_EQ(next_.latest(kNode)->directories, data_);
  const auto task = next_.begin_next(at(1));
  ASSERT_TRUE(task);
  EXPECT_EQ(task->directories, (std::vector{Directory{DirectoryPurpose::data, "/data"}}));
}

TEST_F(Successor, ForgetsASourceThatIsConfiguredAnew) {
  HostConfig another;
  another.paths = {{DirectoryPurpose::data, "/elsewhere"}};
  next_.add_node(kNode, another);
  next_.take_over(before_);
  EXPECT_FALSE(next_.latest(kNode));
}

TEST(LocalNode, LooksAtEachDirectoryApart) {
  LookSchedule schedule{Seconds{10}, Seconds{5}};
  schedule.add_node(kNode, {});
  EXPECT_FALSE(schedule.begin_next(at(0)));
  schedule.learn(kNode, "/data", at(1));
  const auto data = schedule.begin_next(at(1));
  const auto wal = schedule.begin_next(at(1));
  ASSERT_TRUE(data && wal);
  EXPECT_EQ(data->directories, (std::vector{Directory{DirectoryPurpose::data, "/data"}}));
  EXPECT_EQ(wal->directories, (std::vector{Directory{DirectoryPurpose::wal, "/data/pg_wal"}}));
  EXPECT_FALSE(schedule.begin_next(at(1)));
}

TEST(ManyNodes, AreNotLookedAtAllAtOnce) {
  LookSchedule schedule{Seconds{10}, Seconds{5}};
  HostConfig host;
  host.paths = {{DirectoryPurpose::archive, "/archive"}};
  for (int i = 0; i < 1000; ++i) schedule.add_node({"c" + std::to_string(i), "n"}, host);
  int begun = 0;
  while (schedule.begin_next(at(0))) ++begun;
  EXPECT_EQ(begun, 256);
  EXPECT_EQ(schedule.next_event(), at(5));
  schedule.mark_late(at(5));  // those that hang do not keep the others waiting
  while (schedule.begin_next(at(5))) ++begun;
  EXPECT_EQ(begun, 512);
}

}  // namespace
}  // namespace pgrepl
