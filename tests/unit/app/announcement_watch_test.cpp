// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/announcement_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>

namespace pgrepl {
namespace {

using testing::HasSubstr;

constexpr Seconds kLong{60};

/// A disk that hangs until it is let go, and how often it was read.
class Disk {
 public:
  std::optional<Announcements> read() {
    std::unique_lock lock{mutex_};
    ++reads_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hangs_; });
    ++ended_;
    changed_.notify_all();
    return content_;
  }
  void set(std::optional<Announcements> content, bool hangs) {
    const std::lock_guard lock{mutex_};
    content_ = std::move(content);
    hangs_ = hangs;
    changed_.notify_all();
  }
  bool wait_for_reads(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kLong, [&] { return reads_ >= count; });
  }
  bool wait_for_the_end_of(int count) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kLong, [&] { return ended_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Announcements> content_;
  bool hangs_ = false;
  int reads_ = 0, ended_ = 0;
};

class Watched : public testing::Test {
 protected:
  std::unique_ptr<AnnouncementWatch> watch() {
    return std::make_unique<AnnouncementWatch>([disk = disk_] { return disk->read(); },
                                               [this](const Announcements& all) { told(all); },
                                               Seconds{0.01});
  }
  void told(const Announcements& all) {
    const std::lock_guard lock{mutex_};
    ++times_;
    last_ = all;
    changed_.notify_all();
  }
  bool wait_until_told(const std::string& cluster) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, kLong, [&] { return last_.contains(cluster); });
  }
  int times() {
    const std::lock_guard lock{mutex_};
    return times_;
  }

  std::shared_ptr<Disk> disk_ = std::make_shared<Disk>();
  std::mutex mutex_;
  std::condition_variable changed_;
  Announcements last_;
  int times_ = 0;
};

TEST_F(Watched, TellsWhatIsNew) {
  disk_->set(Announcements{}, false);
  const auto watching = watch();
  disk_->set(Announcements{{"wallix", {}}}, false);
  EXPECT_TRUE(wait_until_told("wallix"));
}

TEST_F(Watched, TellsNothingOfWhatCannotBeRead) {
  disk_->set(std::nullopt, false);
  const auto watching = watch();
  EXPECT_TRUE(disk_->wait_for_reads(3));
  EXPECT_EQ(times(), 0);
}

TEST_F(Watched, GoesOnAfterAReadOrAListenerThatThrowsAndSaysSoOnce) {
  testing::internal::CaptureStderr();
  {
    int reads = 0, listens = 0;
    const AnnouncementWatch watching{[&reads]() -> std::optional<Announcements> {
                                       if (++reads <= 3) throw std::bad_alloc();
                                       return Announcements{{"wallix", {}}};
                                     },
                                     [&](const Announcements& all) {
                                       if (++listens <= 3)
                                         throw std::runtime_error("no thread is left");
                                       told(all);
                                     },
                                     Seconds{0.01}};
    EXPECT_TRUE(wait_until_told("wallix"));
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("what was known before holds: std::bad_alloc"));
  EXPECT_EQ(std::ranges::count(log, '\n'), 1) << log;
}

TEST_F(Watched, DoesNotWaitForADiskThatHangs) {
  disk_->set(Announcements{{"wallix", {}}}, true);
  auto watching = watch();
  ASSERT_TRUE(disk_->wait_for_reads(1));
  watching.reset();
  disk_->set(Announcements{{"wallix", {}}}, false);
  EXPECT_TRUE(disk_->wait_for_the_end_of(1));
  EXPECT_EQ(times(), 0) << "told after its end";
}

}  // namespace
}  // namespace pgrepl
