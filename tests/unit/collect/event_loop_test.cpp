// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/event_loop.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <string>
#include <vector>

namespace pgrepl {
namespace {

class Called final : public EventLoop::Watch::Handler {
 public:
  void on_ready(std::uint32_t /*events*/) override {
    ++times;
    if (also) also();
  }

  int times = 0;
  std::function<void()> also;
};

UniqueFd ready_descriptor() { return UniqueFd(::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC)); }

TEST(EventLoop, CallsWhoWatchesAReadyDescriptor) {
  EventLoop loop;
  const UniqueFd fd = ready_descriptor();
  Called called;
  EventLoop::Watch watch(loop, called);
  EXPECT_TRUE(watch.watch(fd.get(), EPOLLIN));
  loop.run_once();
  EXPECT_EQ(called.times, 1);
}

TEST(EventLoop, TellsWhatTheKernelRefusesToWatchAndGoesOn) {
  EventLoop loop;
  const UniqueFd fd = ready_descriptor();
  const UniqueFd file(
      ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC));  // always ready: not for epoll
  Called called;
  EventLoop::Watch watch(loop, called);
  EXPECT_FALSE(watch.watch(file.get(), EPOLLIN));
  EXPECT_EQ(errno, EPERM);
  EXPECT_FALSE(watch.watch(-1, EPOLLIN));
  EXPECT_EQ(errno, EBADF);
  EXPECT_TRUE(watch.watch(fd.get(), EPOLLIN));
  loop.run_once();
  EXPECT_EQ(called.times, 1);
}

TEST(EventLoop, DropsTheEventOfAWatchThatEndedInTheSameRound) {
  EventLoop loop;
  const UniqueFd first_fd = ready_descriptor(), second_fd = ready_descriptor();
  Called first, second;
  EventLoop::Watch first_watch(loop, first), second_watch(loop, second);
  EXPECT_TRUE(first_watch.watch(first_fd.get(), EPOLLIN));
  EXPECT_TRUE(second_watch.watch(second_fd.get(), EPOLLIN));
  first.also = [&] { second_watch.drop(); };
  second.also = [&] { first_watch.drop(); };
  loop.run_once();
  EXPECT_EQ(first.times + second.times, 1);
}

TEST(EventLoop, EventOfAFormerOwnerOfTheNumberDoesNotReachTheNext) {
  EventLoop loop;
  UniqueFd old_fd = ready_descriptor();
  const UniqueFd other_fd = ready_descriptor();
  const int number = old_fd.get();
  Called old_owner, next_owner, other;
  EventLoop::Watch old_watch(loop, old_owner), next_watch(loop, next_owner), watch(loop, other);
  UniqueFd next_fd;
  const auto replace = [&] {
    if (old_owner.times + other.times > 1) return;
    old_watch.drop();
    old_fd = UniqueFd();
    next_fd = UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    EXPECT_TRUE(next_watch.watch(next_fd.get(), EPOLLIN));
  };
  other.also = replace;
  EXPECT_TRUE(watch.watch(other_fd.get(), EPOLLIN));
  EXPECT_TRUE(old_watch.watch(number, EPOLLIN));
  loop.run_once();
  EXPECT_EQ(other.times, 1);
  EXPECT_EQ(old_owner.times, 0);
  EXPECT_EQ(next_owner.times, 0);
}

TEST(EventLoop, WatchesAnotherSocketUnderTheSameNumber) {
  EventLoop loop;
  UniqueFd fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  const int number = fd.get();
  Called called;
  EventLoop::Watch watch(loop, called);
  EXPECT_TRUE(watch.watch(number, EPOLLIN));
  fd = UniqueFd();  // behind the watch's back, as libpq does
  const UniqueFd next = ready_descriptor();
  ASSERT_EQ(next.get(), number);
  EXPECT_TRUE(watch.watch(number, EPOLLIN));
  loop.run_once();
  EXPECT_EQ(called.times, 1);
}

TEST(EventLoop, TimersComeInTheirOrderAndOnce) {
  EventLoop loop;
  std::vector<std::string> order;
  EventLoop::Timer late(loop, [&] { order.emplace_back("late"); });
  EventLoop::Timer early(loop, [&] { order.emplace_back("early"); });
  EventLoop::Timer never(loop, [&] { order.emplace_back("never"); });
  const SteadyTime now = steady_now();
  late.set(after(now, Seconds{0.02}));
  early.set(after(now, Seconds{0.01}));
  never.set(now);
  never.cancel();
  while (order.size() < 2) loop.run_once();
  EXPECT_THAT(order, testing::ElementsAre("early", "late"));
  EXPECT_GE(elapsed(now, steady_now()).count(), 0.02);
}

TEST(EventLoop, TimerMayBeSetAnewFromItsCall) {
  EventLoop loop;
  int times = 0;
  EventLoop::Timer* self = nullptr;
  EventLoop::Timer timer(loop, [&] {
    if (++times < 3) self->set(steady_now());
  });
  self = &timer;
  timer.set(steady_now());
  while (times < 3) loop.run_once();
  EXPECT_EQ(times, 3);
}

}  // namespace
}  // namespace pgrepl
