// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/stored_memory.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include "exporter/store/memory_store.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

class Stored : public testing::Test {
 protected:
  void save(const std::string& cluster, const std::string& text) const {
    auto store = MemoryStore::open(path_);
    ASSERT_TRUE(store);
    EXPECT_FALSE(store->save(cluster, text));
  }
  StoreError error() const {
    const auto opened = StoredMemory::open(path_);
    EXPECT_FALSE(opened);
    return opened ? StoreError{} : opened.error();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(directory_.path()))
      ++count;
    return count;
  }

  test::TempDirectory directory_;
  std::string path_ = (directory_.path() / "memory.sqlite").string();
};

TEST_F(Stored, GivesWhatTheDaemonSavedWhileItRuns) {
  auto daemon = MemoryStore::open(path_);
  ASSERT_TRUE(daemon);
  EXPECT_FALSE(daemon->save("wallix", "text"));
  auto stored = StoredMemory::open(path_);
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored->load("wallix"), "text");
  EXPECT_EQ(*stored->load("other"), std::nullopt);
  EXPECT_FALSE(daemon->save("wallix", "newer"));
  EXPECT_EQ(*stored->load("wallix"), "newer");
}

TEST_F(Stored, GivesWhatADaemonLeft) {
  save("wallix", "text");
  auto stored = StoredMemory::open(path_);
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored->load("wallix"), "text");
}

TEST_F(Stored, MakesNoFile) {
  EXPECT_EQ(error().fault, StoreFault::missing);
  EXPECT_EQ(files(), 0U);
}

TEST_F(Stored, LeavesADamagedStoreWhereItIs) {
  save("wallix", std::string(20000, 'x'));
  const auto size = std::filesystem::file_size(path_);
  std::string bytes = test::read_file(path_);
  bytes.replace(100, size - 100, std::string(size - 100, '\x5a'));
  test::write_file(path_, bytes);
  auto stored = StoredMemory::open(path_);
  const auto text = stored ? stored->load("wallix") : Failed{stored.error()};
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().fault, StoreFault::damaged);
  EXPECT_EQ(test::read_file(path_), bytes);
  EXPECT_EQ(MemoryStore::open(path_)->set_aside()->fault, StoreFault::damaged);
}

TEST_F(Stored, TouchesNoForeignFile) {
  for (const std::string text : {"", "not a database at all, but a long enough text"}) {
    test::write_file(path_, text);
    EXPECT_EQ(error().fault, StoreFault::not_ours);
    EXPECT_EQ(test::read_file(path_), text);
  }
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(error().fault, StoreFault::not_ours);
}

TEST_F(Stored, SaysThatAStoreIsLocked) {
  save("wallix", "text");
  sqlite3* other = nullptr;
  sqlite3_open(path_.c_str(), &other);
  sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", nullptr, nullptr,
               nullptr);
  auto stored = StoredMemory::open(path_);
  const auto text = stored ? stored->load("wallix") : Failed{stored.error()};
  EXPECT_FALSE(text);
  if (!text) {
    EXPECT_EQ(text.error().fault, StoreFault::locked);
  }
  sqlite3_close(other);
}

}  // namespace
}  // namespace pgrepl
