// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <list>

#include "exporter/collect/event_loop.h"

namespace pgrepl {

/// Lets only so many handshakes go on at the same time: encryption and password cost milliseconds
/// of this thread's CPU each, and after an outage all nodes want to connect at once.  Done side by
/// side they would all end late, and keep the polls that go on from the thread meanwhile.  Confined
/// to the loop's thread.
class ConnectGate {
 public:
  class Turn;

  ConnectGate(EventLoop& loop, std::size_t limit);

 private:
  void hand_out();

  EventLoop& loop_;
  std::size_t free_;
  std::list<Turn*> queue_;
  EventLoop::Timer next_round_;  ///< hands out from the loop, so that turns do not nest
};

/// One owner's place in the queue.
class ConnectGate::Turn {
 public:
  Turn(ConnectGate& gate, std::function<void()> on_turn);
  ~Turn() { leave(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  /// Waits for a turn, which comes by a call.
  void wait();
  /// Gives up the turn or the wait for it.
  void leave();

 private:
  friend class ConnectGate;
  enum class State { away, waiting, inside };

  void enter();

  ConnectGate& gate_;
  std::function<void()> on_turn_;
  State state_ = State::away;
  std::list<Turn*>::iterator place_;
  EventLoop::Timer limit_;
};

}  // namespace pgrepl
