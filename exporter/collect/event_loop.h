// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "exporter/collect/clock.h"
#include "exporter/collect/unique_fd.h"

namespace pgrepl {

/// Waits for descriptors and for moments, and calls who asked for them.  The work for one event
/// does not depend on how many others are waited for: descriptors are found by index, timers are
/// kept sorted. Confined to one thread.
class EventLoop {
 public:
  class Watch;
  class Timer;

  /// Throws std::system_error when the process has no descriptor left.
  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Waits until something is due, and handles what is.
  void run_once();

 private:
  struct Slot {
    Watch* watch = nullptr;
    std::uint32_t generation = 0;  ///< tells a late event of a former owner of the number from ours
  };

  void run_due_timers();
  int milliseconds_to_next_timer() const;
  void dispatch(std::uint64_t key, std::uint32_t events);

  UniqueFd epoll_;
  std::vector<Slot> slots_;  ///< by descriptor
  std::set<std::pair<SteadyTime, Timer*>> timers_;
};

/// Watches at most one descriptor for its owner, which must outlive the call that it gets.
class EventLoop::Watch {
 public:
  class Handler {
   public:
    /// `events` are epoll's.  The handler may drop this and any other watch.
    virtual void on_ready(std::uint32_t events) = 0;

   protected:
    ~Handler() = default;
  };

  Watch(EventLoop& loop, Handler& handler) : loop_(&loop), handler_(&handler) {}
  ~Watch() { drop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Waits for `events` on `fd`, in place of what was watched before.  Also needed when the number
  /// is the same but stands for another socket: the kernel forgets a descriptor that was closed.
  /// False, with errno: the kernel refuses, and nothing is watched.
  [[nodiscard]] bool watch(int fd, std::uint32_t events);

  /// Waits for nothing any more.  To be called before the descriptor is closed.
  void drop();

 private:
  friend class EventLoop;

  EventLoop* loop_;
  Handler* handler_;
  int fd_ = -1;
};

/// Calls its owner once, at a moment.
class EventLoop::Timer {
 public:
  Timer(EventLoop& loop, std::function<void()> on_due) : loop_(&loop), on_due_(std::move(on_due)) {}
  ~Timer() { cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// In place of a moment set before.
  void set(SteadyTime moment);
  void cancel();

 private:
  friend class EventLoop;

  EventLoop* loop_;
  std::function<void()> on_due_;
  SteadyTime moment_{};
  bool set_ = false;
};

}  // namespace pgrepl
