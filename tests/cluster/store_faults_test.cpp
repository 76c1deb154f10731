// SPDX-License-Identifier: Apache-2.0
// A store that is damaged, and a disk that is full: monitoring goes on, and says so.
#include <gmock/gmock.h>
#include <sys/mount.h>

#include <fstream>

#include "tests/cluster/watch.h"
#include "tests/support/tiny_disk.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

/// A filesystem of half a megabyte that only this process and what it starts can see.
class TinyDisk {
 public:
  bool mount() const { return lay_tiny_disk_over(path(), 512); }
  ~TinyDisk() { ::umount2(path().c_str(), MNT_DETACH); }
  void fill() const {
    std::ofstream filler{path() / "filler", std::ios::binary};
    const std::string page(4096, 'x');
    while (filler << page << std::flush) {
    }
  }
  void make_room() const { fs::remove(path() / "filler"); }
  const fs::path& path() const { return directory_.path(); }

 private:
  TempDirectory directory_;
};

class StoreFaults : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }
  void TearDown() override { pair_->make_whole(); }
  static testing::AssertionResult logs(Watch& watch, const std::string& words) {
    const bool said =
        wait_until([&] { return watch.exporter().log().find(words) != std::string::npos; },
                   std::chrono::seconds(60));
    return said ? testing::AssertionSuccess()
                : testing::AssertionFailure() << words << " not in\n"
                                              << watch.exporter().log();
  }

  static inline PostgresPair* pair_ = nullptr;
};

TEST_F(StoreFaults, AFullDiskCostsNoMonitoringAndNothingOnceThereIsRoomAgain) {
  const TinyDisk disk;
  if (!disk.mount()) GTEST_SKIP() << "mount namespaces are forbidden here: run it as root";
  Watch watch(*pair_, {.store = disk.path() / "store.sqlite"});
  ASSERT_TRUE(watch.all_green());
  disk.fill();
  pair_->standby().stop();
  EXPECT_TRUE(watch.status_becomes("node_up", kStandby, 2));
  EXPECT_TRUE(watch.exceeds("pgrepl_store_errors_total", {}, 0));
  EXPECT_TRUE(logs(watch, "database or disk is full; monitoring goes on without it"));

  disk.make_room();
  pair_->standby().start();
  EXPECT_TRUE(watch.becomes("pgrepl_events_total", {{"kind", "node_back"}}, 1));
  EXPECT_TRUE(watch.all_green());
  EXPECT_TRUE(logs(watch, "store: works again"));
  watch.exporter().kill_and_restart();
  EXPECT_EQ(watch.value("pgrepl_events_total", {{"kind", "node_lost"}}), 1);
}

TEST_F(StoreFaults, ADiskThatIsFullFromTheStartCostsOnlyTheMemory) {
  const TinyDisk disk;
  if (!disk.mount()) GTEST_SKIP() << "mount namespaces are forbidden here: run it as root";
  disk.fill();
  Watch watch(*pair_, {.store = disk.path() / "store.sqlite"});
  EXPECT_TRUE(watch.all_green());
  EXPECT_TRUE(watch.exceeds("pgrepl_store_errors_total", {}, 0));
  EXPECT_TRUE(logs(watch, "; monitoring goes on without it"));
}

TEST_F(StoreFaults, ADamagedStoreIsSetAsideAndAnEmptyOneTakesItsPlace) {
  const TempDirectory directory;
  const fs::path store = directory.path() / "store.sqlite";
  {
    Watch watch(*pair_, {.store = store});
    ASSERT_TRUE(watch.all_green());
  }
  std::string bytes = read_file(store);
  bytes.replace(100, bytes.size() - 100, std::string(bytes.size() - 100, '\x5a'));
  write_file(store, bytes);

  Watch watch(*pair_, {.store = store});
  EXPECT_TRUE(watch.all_green());
  EXPECT_TRUE(watch.exceeds("pgrepl_store_errors_total", {}, 0));
  EXPECT_TRUE(logs(watch, "it is set aside as " + store.string() + ".damaged-"));
  pair_->standby().stop();
  EXPECT_TRUE(watch.becomes("pgrepl_events_total", {{"kind", "node_lost"}}, 1));
  watch.exporter().kill_and_restart();
  EXPECT_EQ(watch.value("pgrepl_events_total", {{"kind", "node_lost"}}), 1);
}

}  // namespace
}  // namespace pgrepl::test
