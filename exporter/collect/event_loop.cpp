// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/event_loop.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace pgrepl {
namespace {

constexpr int kEventsAtOnce = 64;
constexpr std::chrono::milliseconds kLongestWait{60'000};

std::uint64_t key_of(int fd, std::uint32_t generation) {
  return (std::uint64_t{generation} << 32) | static_cast<std::uint32_t>(fd);
}

}  // namespace

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_.get() < 0) throw std::system_error(errno, std::generic_category(), "epoll");
}

void EventLoop::run_once() {
  std::array<epoll_event, kEventsAtOnce> ready{};
  const int count =
      ::epoll_wait(epoll_.get(), ready.data(), kEventsAtOnce, milliseconds_to_next_timer());
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready[static_cast<std::size_t>(i)];
    dispatch(event.data.u64, event.events);
  }
  run_due_timers();
}

void EventLoop::dispatch(std::uint64_t key, std::uint32_t events) {
  const auto fd = static_cast<std::size_t>(key & 0xffffffffU);
  if (fd >= slots_.size()) return;
  const Slot& slot = slots_[fd];
  if (slot.watch == nullptr || slot.generation != key >> 32) return;
  slot.watch->handler_->on_ready(events);
}

void EventLoop::run_due_timers() {
  // A timer that sets itself anew for "now" waits for the next round, so that descriptors get their
  // turn.
  const SteadyTime now = steady_now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Timer* timer = timers_.begin()->second;
    timer->cancel();
    timer->on_due_();
  }
}

int EventLoop::milliseconds_to_next_timer() const {
  if (timers_.empty()) return static_cast<int>(kLongestWait.count());
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first - steady_now());
  return static_cast<int>(std::clamp(wait, std::chrono::milliseconds{0}, kLongestWait).count());
}

bool EventLoop::Watch::watch(int fd, std::uint32_t events) {
  if (fd_ != fd) drop();
  if (fd < 0) {
    errno = EBADF;
    return false;
  }
  if (loop_->slots_.size() <= static_cast<std::size_t>(fd)) {
    loop_->slots_.resize(static_cast<std::size_t>(fd) + 1);
  }
  Slot& slot = loop_->slots_[static_cast<std::size_t>(fd)];
  if (fd_ != fd) slot = {.watch = this, .generation = slot.generation + 1};
  fd_ = fd;

  epoll_event event{};
  event.events = events;
  event.data.u64 = key_of(fd, slot.generation);
  if (::epoll_ctl(loop_->epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0) return true;
  if (::epoll_ctl(loop_->epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return true;
  const int reason = errno;
  drop();
  errno = reason;
  return false;
}

void EventLoop::Watch::drop() {
  if (fd_ < 0) return;
  // Fails when the descriptor is closed already: then the kernel has forgotten it by itself.
  ::epoll_ctl(loop_->epoll_.get(), EPOLL_CTL_DEL, fd_, nullptr);
  loop_->slots_[static_cast<std::size_t>(fd_)].watch = nullptr;
  fd_ = -1;
}

void EventLoop::Timer::set(SteadyTime moment) {
  cancel();
  moment_ = moment;
  set_ = true;
  loop_->timers_.emplace(moment_, this);
}

void EventLoop::Timer::cancel() {
  if (!set_) return;
  set_ = false;
  loop_->timers_.erase({moment_, this});
}

}  // namespace pgrepl
