// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/look_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "exporter/store/memory_store.h"
#include "tests/support/cluster_builder.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

using test::ClusterBuilder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LookDeskTest : public testing::Test {
 protected:
  Config config() const {
    Config config;
    config.exporter.store_path = path_;
    config.clusters.push_back(
        {.name = "pair", .nodes = {}, .policy = pair_.policy, .thresholds = {}});
    return config;
  }
  void store(const std::string& text) const {
    auto opened = MemoryStore::open(path_);
    ASSERT_TRUE(opened);
    EXPECT_FALSE(opened->save("pair", text));
  }
  LookDesk desk() const { return LookDesk{config(), pair_.snapshot.taken}; }
  WallTime minutes_from_now(int count) const {
    return pair_.snapshot.taken.wall + std::chrono::minutes(count);
  }
  /// Until when it lasts by a report of now.
  std::optional<WallTime> maintenance_of(LookDesk& desk) const {
    const auto present = desk.take(pair_.snapshot).policy.maintenance;
    return present ? std::optional{present->until} : std::nullopt;
  }
  void execute(const char* sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
  }

  test::TempDirectory directory_;
  std::string path_ = (directory_.path() / "memory.sqlite").string();
  ClusterBuilder pair_;
};

TEST_F(LookDeskTest, CountsAFindingAtOnceWhateverTheDaemonHolds) {
  for (int i = 0; i < 4; ++i) pair_.poll();
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  LookDesk desk = this->desk();
  EXPECT_THAT(desk.notes(), IsEmpty());
  pair_.silence(1, FailureClass::refused).cut_standby();
  const ClusterReport held = pair_.poll(1);
  EXPECT_EQ(test::result_of(held, "node_up", "a2").state, State::ok);
  const ClusterReport report = desk.take(pair_.snapshot);
  EXPECT_EQ(test::result_of(report, "node_up", "a2").state, State::critical);
  EXPECT_EQ(test::result_of(report, "replication", "a2").state, State::critical);
}

TEST_F(LookDeskTest, KnowsFromTheDaemonSinceWhenAFindingLasts) {
  pair_.poll();
  pair_.silence(1, FailureClass::refused).cut_standby();
  for (int i = 0; i < 10; ++i) pair_.poll();
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  LookDesk desk = this->desk();
  const CheckResult daemon = test::result_of(pair_.poll(1), "node_up", "a2");
  const CheckResult seen = test::result_of(desk.take(pair_.snapshot), "node_up", "a2");
  EXPECT_EQ(seen.state, State::critical);
  EXPECT_EQ(seen.since, daemon.since);
  // and goes on knowing it
  EXPECT_EQ(test::result_of(desk.take(pair_.snapshot), "node_up", "a2").since, daemon.since);
}

TEST_F(LookDeskTest, KnowsSinceWhenAFindingLastsThatTheDaemonStillHolds) {
  for (int i = 0; i < 4; ++i) pair_.poll();
  pair_.cut_standby();
  pair_.poll();
  const SteadyTime first_seen = pair_.snapshot.taken.steady;
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  LookDesk desk = this->desk();
  pair_.poll(1);
  EXPECT_EQ(test::result_of(desk.take(pair_.snapshot), "replication", "a2").since, first_seen);
}

TEST_F(LookDeskTest, WantsASecondLookUnlessItRemembersTheLastMinute) {
  EXPECT_TRUE(desk().is_new("pair", pair_.snapshot.taken.steady));
  pair_.poll();
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  const SteadyTime now = pair_.snapshot.taken.steady;
  EXPECT_FALSE(desk().is_new("pair", after(now, Seconds{5})));
  EXPECT_TRUE(desk().is_new("pair", after(now, Seconds{90})));
}

TEST_F(LookDeskTest, SaysWhyItRemembersNothing) {
  EXPECT_THAT(desk().notes(), ElementsAre(HasSubstr("does not exist; judged without")));
  test::write_file(path_, "something else that lies there, and is no database");
  EXPECT_THAT(desk().notes(), ElementsAre(HasSubstr("is not a store of pgrepl")));
  std::filesystem::remove(path_);
  store("no memory");
  EXPECT_THAT(desk().notes(), ElementsAre(HasSubstr("cluster pair cannot be read: line 1")));
  LookDesk blind = desk();
  EXPECT_EQ(test::result_of(blind.take(pair_.snapshot), "node_up", "a1").state, State::ok);
}

// What is announced while a command looks.

TEST_F(LookDeskTest, ObeysWhatIsAnnouncedWhileItLooks) {
  pair_.policy.maintenance = {.until = minutes_from_now(5)};
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  LookDesk desk = this->desk();
  EXPECT_EQ(maintenance_of(desk), minutes_from_now(5));
  EXPECT_FALSE(announce(path_, "pair", {.until = minutes_from_now(9)}));
  desk.read_announcements();
  EXPECT_EQ(maintenance_of(desk), minutes_from_now(9));
  EXPECT_FALSE(announce(path_, "pair", {.until = minutes_from_now(0)}));
  desk.read_announcements();
  EXPECT_EQ(maintenance_of(desk), minutes_from_now(5)) << "the configured one goes on";
}

TEST_F(LookDeskTest, KeepsTheAnnouncementThatItKnowsWhileTheStoreCannotBeRead) {
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  EXPECT_FALSE(announce(path_, "pair", {.until = minutes_from_now(9)}));
  LookDesk desk = this->desk();
  std::filesystem::rename(path_, path_ + ".away");
  desk.read_announcements();
  EXPECT_EQ(maintenance_of(desk), minutes_from_now(9));
  EXPECT_THAT(desk.notes(), ElementsAre(HasSubstr("announced since is not known")));
  std::filesystem::rename(path_ + ".away", path_);
  desk.read_announcements();
  EXPECT_THAT(desk.notes(), IsEmpty());
}

TEST_F(LookDeskTest, RemembersAllElseWhereAnnouncementsCannotBeRead) {
  pair_.poll();
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  execute("CREATE TABLE maintenance (other TEXT)");
  const LookDesk desk = this->desk();
  EXPECT_EQ(desk.memory("pair").last_role, pair_.memory.last_role);
  EXPECT_THAT(desk.notes(), ElementsAre(HasSubstr("announced since is not known")));
}

TEST_F(LookDeskTest, WritesNothing) {
  pair_.poll();
  store(encode_memory(pair_.memory, pair_.snapshot.taken));
  const std::string before = test::read_file(path_);
  LookDesk desk = this->desk();
  pair_.poll();
  desk.take(pair_.snapshot);
  EXPECT_EQ(test::read_file(path_), before);
}

}  // namespace
}  // namespace pgrepl
