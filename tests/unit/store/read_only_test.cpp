// SPDX-License-Identifier: Apache-2.0
// A store that its account may not write.  Root may write everything, so that the part under test
// runs in a process of its own that has given root up.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "exporter/store/memory_store.h"
#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kNobodyWrites{0555};
constexpr fs::perms kOwnerWrites{0755};

bool give_up_root() {
  constexpr uid_t kNobody = 65534;
  if (::geteuid() != 0) return true;
  return ::setresgid(kNobody, kNobody, kNobody) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0;
}

/// What `claim` says, asked in a process without root's rights.
bool holds_without_root(const std::function<bool()>& claim) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(give_up_root() && claim() ? 0 : 1);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool says_read_only(const StoreError& error, const std::string& path) {
  return error.fault == StoreFault::read_only && error.message.starts_with("store " + path + ": ");
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
  EXPECT_TRUE(holds_without_root([&] {
    const auto store = MemoryStore::open(path_);
    return !store && says_read_only(store.error(), path_);
  }));
  EXPECT_TRUE(fs::is_empty(directory_.path()));
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
  EXPECT_TRUE(holds_without_root([&] {
    auto store = MemoryStore::open(path_);
    if (!store) return says_read_only(store.error(), path_);
    const auto error = store->save("wallix", "other");
    return error && says_read_only(*error, path_);
  }));
  EXPECT_EQ(test::read_file(path_), before);
  EXPECT_FALSE(before.empty());
}

}  // namespace
}  // namespace pgrepl
