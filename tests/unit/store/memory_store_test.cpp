// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/memory_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/support/temp_directory.h"

namespace pgrepl {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Store : public testing::Test {
 protected:
  MemoryStore open_store() {
    auto store = MemoryStore::open(path_);
    if (!store) throw std::runtime_error(store.error().message);
    return std::move(*store);
  }

  StoreError open_error() const {
    auto store = MemoryStore::open(path_);
    if (store) {
      ADD_FAILURE() << "the store was opened";
      return {};
    }
    return store.error();
  }

  void save(const std::string& cluster, const std::string& text) {
    MemoryStore store = open_store();
    EXPECT_FALSE(store.save(cluster, text));
  }

  std::vector<fs::path> set_aside_files() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{directory_.path()}) {
      if (entry.path().filename().string().starts_with("memory.sqlite.damaged-")) {
        files.push_back(entry.path());
      }
    }
    return files;
  }

  /// Writes over the bytes from `offset` on.
  void overwrite(std::streamoff offset, const std::string& bytes) const {
    std::fstream file{path_, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(offset);
    file << bytes;
  }

  test::TempDirectory directory_;
  std::string path_ = (directory_.path() / "memory.sqlite").string();
};

/// Another program's hand on the same file.
class OtherProgram {
 public:
  explicit OtherProgram(const std::string& path) { sqlite3_open(path.c_str(), &database_); }
  ~OtherProgram() { sqlite3_close(database_); }
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;

  void run(const char* sql) {
    EXPECT_EQ(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_);
  }

 private:
  sqlite3* database_ = nullptr;
};

TEST_F(Store, KnowsNothingAtFirst) {
  MemoryStore store = open_store();
  const auto text = store.load("wallix");
  ASSERT_TRUE(text);
  EXPECT_FALSE(text->has_value());
  EXPECT_FALSE(store.set_aside());
}

TEST_F(Store, KeepsATextPerClusterOverARestart) {
  const std::string text{"line 1\nline 2\0with a zero", 25};
  save("wallix", text);
  save("other", "another");
  MemoryStore store = open_store();
  EXPECT_EQ(*store.load("wallix"), text);
  EXPECT_EQ(*store.load("other"), "another");
}

TEST_F(Store, ReplacesTheTextOfACluster) {
  MemoryStore store = open_store();
  EXPECT_FALSE(store.save("wallix", "old"));
  EXPECT_FALSE(store.save("wallix", "new"));
  EXPECT_EQ(*store.load("wallix"), "new");
}

TEST_F(Store, KeepsAnEmptyTextApartFromNone) {
  save("wallix", "");
  MemoryStore store = open_store();
  EXPECT_EQ(*store.load("wallix"), "");
}

TEST_F(Store, BelongsToItsOwnerAlone) {
  save("wallix", "text");
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Store, ServesTwoProcessesAtATime) {
  MemoryStore daemon = open_store();
  MemoryStore once = open_store();
  EXPECT_FALSE(daemon.save("wallix", "of the daemon"));
  EXPECT_EQ(*once.load("wallix"), "of the daemon");
  EXPECT_FALSE(once.save("wallix", "of the other"));
  EXPECT_EQ(*daemon.load("wallix"), "of the other");
}

TEST_F(Store, SaysThatItsDirectoryIsMissing) {
  path_ = (directory_.path() / "nowhere/memory.sqlite").string();
  const StoreError error = open_error();
  EXPECT_EQ(error.fault, StoreFault::missing_directory);
  EXPECT_EQ(error.message, "store " + path_ + ": its directory does not exist");
}

TEST_F(Store, SaysThatADirectoryLiesInItsPlace) {
  fs::create_directory(path_);
  EXPECT_EQ(open_error().fault, StoreFault::not_ours);
}

TEST_F(Store, LeavesAFileThatIsNoDatabaseAsItIs) {
  const std::string letter = "Dear reader, this is a letter. " + std::string(5000, '.');
  test::write_file(path_, letter);
  const StoreError error = open_error();
  EXPECT_EQ(error.fault, StoreFault::not_ours);
  EXPECT_THAT(error.message, HasSubstr("not a store of pgrepl"));
  EXPECT_EQ(test::read_file(path_), letter);
  EXPECT_TRUE(set_aside_files().empty());
}

TEST_F(Store, LeavesAnotherProgramsDatabaseAsItIs) {
  OtherProgram{path_}.run("CREATE TABLE invoices (number)");
  const std::string before = test::read_file(path_);
  EXPECT_EQ(open_error().fault, StoreFault::not_ours);
  EXPECT_EQ(test::read_file(path_), before);
}

TEST_F(Store, RefusesAFileOfANewerVersion) {
  save("wallix", "text");
  OtherProgram{path_}.run("PRAGMA user_version = 99");
  EXPECT_EQ(open_error().fault, StoreFault::newer);
}

TEST_F(Store, IsSetAsideWhenItsHeaderIsBroken) {
  save("wallix", "text");
  overwrite(16, std::string(40, '\xff'));  // page size and the fields after it
  MemoryStore store = open_store();
  ASSERT_TRUE(store.set_aside());
  EXPECT_EQ(store.set_aside()->fault, StoreFault::damaged);
  EXPECT_THAT(store.set_aside()->message, HasSubstr("set aside as " + path_ + ".damaged-"));
  EXPECT_EQ(set_aside_files().size(), 1U);
  EXPECT_FALSE(store.save("wallix", "again"));
  EXPECT_EQ(*store.load("wallix"), "again");
}

TEST_F(Store, IsSetAsideWhenItIsCutOff) {
  save("wallix", std::string(100000, 'x'));
  fs::resize_file(path_, 6000);
  MemoryStore store = open_store();
  const auto text = store.load("wallix");
  EXPECT_TRUE(store.set_aside() || !text) << "nobody noticed";
  EXPECT_EQ(set_aside_files().size(), 1U);
  EXPECT_FALSE(store.save("wallix", "again"));
  EXPECT_EQ(*store.load("wallix"), "again");
}

TEST_F(Store, IsSetAsideWhenAPageIsBroken) {
  save("wallix", std::string(100000, 'x'));
  overwrite(4096, std::string(4096, '\xff'));
  MemoryStore store = open_store();
  const auto text = store.load("wallix");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().fault, StoreFault::damaged);
  EXPECT_THAT(text.error().message, HasSubstr("an empty store takes its place"));
  EXPECT_EQ(*store.load("wallix"), std::nullopt);
  EXPECT_FALSE(store.save("wallix", "again"));
}

TEST_F(Store, IsSetAsideWhenAPowerCutLeftZeros) {
  save("wallix", "text");
  const auto size = fs::file_size(path_);
  test::write_file(path_, std::string(size, '\0'));
  MemoryStore store = open_store();
  ASSERT_TRUE(store.set_aside());
  EXPECT_EQ(*store.load("wallix"), std::nullopt);
}

TEST_F(Store, DoesNotWaitForAProcessThatHoldsTheLock) {
  MemoryStore store = open_store();
  OtherProgram other{path_};
  other.run("BEGIN IMMEDIATE");
  const auto start = std::chrono::steady_clock::now();
  const auto error = store.save("wallix", "text");
  const auto waited = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(error);
  EXPECT_EQ(error->fault, StoreFault::locked);
  EXPECT_LT(waited, std::chrono::milliseconds(500));  // 50 ms on an idle machine
  other.run("ROLLBACK");
  EXPECT_FALSE(store.save("wallix", "text"));
}

TEST_F(Store, SaysWhenItIsLockedAsAWhole) {
  save("wallix", "text");
  OtherProgram other{path_};
  other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE memory SET saved_at = 0");
  EXPECT_EQ(open_error().fault, StoreFault::locked);
}

TEST_F(Store, SaysThatItCannotGrow) {
  MemoryStore store = open_store();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit tight{.rlim_cur = 1 << 16, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto error = store.save("wallix", std::string(1 << 20, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_TRUE(error);
  EXPECT_FALSE(store.save("wallix", "small"));
  EXPECT_EQ(*store.load("wallix"), "small");
}

}  // namespace
}  // namespace pgrepl
