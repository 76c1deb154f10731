// SPDX-License-Identifier: Apache-2.0
// A store that its account may not write.  Root may write everything, so that the part under test
// runs in a process of its own that has given root up.
#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "exporter/store/memory_store.h"
#include "tests/support/temp_directory.h"
#include "tests/support/without_root.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kNobodyWrites{0555};
constexpr fs::perms kOwnerWrites{0755};

std::string told(const StoreError& error) {
  return (error.fault == StoreFault::read_only ? "read-only: " : "another fault: ") + error.message;
}

/// What is said of that store, as far as opening or saving fails.
std::string complaint_of(const std::string& path) {
  auto store = MemoryStore::open(path);
  if (!store) return told(store.error());
  const auto error = store->save("wallix", "other");
  return error ? told(*error) : "no complaint";
}

class ReadOnlyStore : public testing::Test {
 protected:
  ~ReadOnlyStore() override { fs::permissions(directory_.path(), kOwnerWrites); }

  void forbid_writing() const { fs::permissions(directory_.path(), kNobodyWrites); }

  test::TempDirectory directory_;
  std::string path_ = (directory_.path() / "memory.sqlite").string();
};

TEST_F(ReadOnlyStore, IsToldWhereNoFileCanBeMade) {
  forbid_writing();
  EXPECT_EQ(test::without_root([&] { return complaint_of(path_); }),
            "read-only: store " + path_ + ": Permission denied");
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(ReadOnlyStore, IsToldWhereItsDirectoryMayNotBeEntered) {
  fs::permissions(directory_.path(), fs::perms::none);
  EXPECT_EQ(test::without_root([&] { return complaint_of(path_); }),
            "read-only: store " + path_ + ": Permission denied");
}

TEST_F(ReadOnlyStore, IsToldAtTheLatestBySavingAndStaysAsItIs) {
  {
    auto store = MemoryStore::open(path_);
    ASSERT_TRUE(store);
    ASSERT_FALSE(store->save("wallix", "text"));
  }
  fs::permissions(path_, fs::perms{0444});
  forbid_writing();
  const std::string before = test::read_file(path_);
  EXPECT_THAT(test::without_root([&] { return complaint_of(path_); }),
              testing::StartsWith("read-only: store " + path_ + ": "));
  EXPECT_EQ(test::read_file(path_), before);
  EXPECT_FALSE(before.empty());
}

}  // namespace
}  // namespace pgrepl
