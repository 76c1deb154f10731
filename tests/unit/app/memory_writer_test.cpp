// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/memory_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr Seconds kLong{60};

/// A disk that hangs until it is let go.
class Disk {
 public:
  void write(const std::string& cluster, const std::string& text) {
    std::unique_lock lock{mutex_};
    began_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hangs_; });
    written_.emplace_back(cluster, text);
    changed_.notify_all();
  }
  void hang() {
    const std::lock_guard lock{mutex_};
    hangs_ = true;
  }
  void let_go() {
    const std::lock_guard lock{mutex_};
    hangs_ = false;
    changed_.notify_all();
  }
  bool wait_for_a_write_to_begin() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kLong, [this] { return began_; });
  }
  bool wait_for_a_write_to_end() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kLong, [this] { return !written_.empty(); });
  }
  std::vector<std::pair<std::string, std::string>> written() {
    const std::lock_guard lock{mutex_};
    return written_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hangs_ = false, began_ = false;
  std::vector<std::pair<std::string, std::string>> written_;
};

class Writer : public testing::Test {
 protected:
  std::shared_ptr<Disk> disk_ = std::make_shared<Disk>();
  std::optional<MemoryWriter> writer_{
      std::in_place, [disk = disk_](const std::string& cluster, const std::string& text) {
        disk->write(cluster, text);
      }};
};

TEST_F(Writer, WritesWhatItIsGiven) {
  writer_->put("a", "1");
  ASSERT_TRUE(writer_->flush(kLong));
  writer_->put("b", "2");
  ASSERT_TRUE(writer_->flush(kLong));
  EXPECT_THAT(disk_->written(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_F(Writer, WritesOnlyTheNewestTextOfThoseThatWait) {
  disk_->hang();
  writer_->put("busy", "");
  ASSERT_TRUE(disk_->wait_for_a_write_to_begin());
  for (const char* text : {"1", "2", "3"}) writer_->put("a", text);
  disk_->let_go();
  ASSERT_TRUE(writer_->flush(kLong));
  EXPECT_THAT(disk_->written(), ElementsAre(Pair("busy", ""), Pair("a", "3")));
}

TEST_F(Writer, GivesUpWaitingForADiskThatHangs) {
  disk_->hang();
  writer_->put("a", "1");
  EXPECT_FALSE(writer_->flush(Seconds{0.05}));
  EXPECT_THAT(disk_->written(), IsEmpty());
  disk_->let_go();
}

TEST_F(Writer, EndsWhileAWriteHangs) {
  disk_->hang();
  writer_->put("a", "1");
  ASSERT_TRUE(disk_->wait_for_a_write_to_begin());
  writer_->put("b", "waits for ever");
  writer_.reset();
  disk_->let_go();
  ASSERT_TRUE(disk_->wait_for_a_write_to_end());
  EXPECT_THAT(disk_->written(), ElementsAre(Pair("a", "1")));
}

}  // namespace
}  // namespace pgrepl
