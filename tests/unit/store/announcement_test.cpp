// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/announcement.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "exporter/store/memory_store.h"
#include "exporter/store/stored_memory.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

Maintenance until(int second, const std::string& reason = "") {
  return {.until = WallTime{std::chrono::seconds{second}}, .reason = reason};
}

class Announced : public testing::Test {
 protected:
  MemoryStore daemon() const { return std::move(MemoryStore::open(path_)).value(); }
  StoreFault fault() const {
    const auto error = announce(path_, "wallix", until(9));
    EXPECT_TRUE(error);
    return error.value_or(StoreError{}).fault;
  }

  test::TempDirectory directory_;
  std::string path_ = (directory_.path() / "memory.sqlite").string();
};

TEST_F(Announced, IsSeenByADaemonThatRuns) {
  MemoryStore store = daemon();
  EXPECT_EQ(store.announcements().value(), Announcements{});
  EXPECT_FALSE(announce(path_, "wallix", until(9, "it's \"work\"; DROP TABLE memory")));
  EXPECT_FALSE(announce(path_, "other", until(7)));
  const Announcements all{{"other", until(7)},
                          {"wallix", until(9, "it's \"work\"; DROP TABLE memory")}};
  EXPECT_EQ(store.announcements().value(), all);
  EXPECT_EQ(StoredMemory::open(path_)->announcements().value(), all);
}

TEST_F(Announced, TakesThePlaceOfTheOneBefore) {
  MemoryStore store = daemon();
  EXPECT_FALSE(announce(path_, "wallix", until(9, "work")));
  EXPECT_FALSE(announce(path_, "wallix", until(5)));
  EXPECT_EQ(store.announcements().value(), (Announcements{{"wallix", until(5)}}));
}

TEST_F(Announced, LeavesMemoriesAsTheyAreAndOutlivesTheDaemon) {
  EXPECT_FALSE(daemon().save("wallix", "text"));
  EXPECT_FALSE(announce(path_, "wallix", until(9)));
  MemoryStore store = daemon();
  EXPECT_EQ(store.load("wallix").value(), "text");
  EXPECT_EQ(store.announcements().value(), (Announcements{{"wallix", until(9)}}));
}

TEST_F(Announced, MakesNoStore) {
  EXPECT_EQ(fault(), StoreFault::missing);
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path()));
}

TEST_F(Announced, WritesIntoNoForeignFile) {
  test::write_file(path_, "not a database at all, but a long enough text");
  EXPECT_EQ(fault(), StoreFault::not_ours);
  EXPECT_EQ(test::read_file(path_), "not a database at all, but a long enough text");
}

TEST_F(Announced, SaysThatTheStoreIsLocked) {
  (void)daemon();
  sqlite3* other = nullptr;
  sqlite3_open(path_.c_str(), &other);
  sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  EXPECT_EQ(fault(), StoreFault::locked);
  sqlite3_close(other);
}

}  // namespace
}  // namespace pgrepl
