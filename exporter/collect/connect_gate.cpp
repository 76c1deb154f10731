// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/connect_gate.h"

#include <utility>

namespace pgrepl {
namespace {

/// A turn ends after this long even if the handshake goes on: waiting for a server that has fallen
/// silent costs nothing, and must not keep the others out.
constexpr Seconds kLongestTurn{0.1};

}  // namespace

ConnectGate::ConnectGate(EventLoop& loop, std::size_t limit)
    : loop_(loop), free_(limit), next_round_(loop, [this] { hand_out(); }) {}

void ConnectGate::hand_out() {
  while (free_ > 0 && !queue_.empty()) {
    Turn* turn = queue_.front();
    queue_.pop_front();
    --free_;
    turn->enter();
  }
}

ConnectGate::Turn::Turn(ConnectGate& gate, std::function<void()> on_turn)
    : gate_(gate), on_turn_(std::move(on_turn)), limit_(gate.loop_, [this] { leave(); }) {}

void ConnectGate::Turn::wait() {
  leave();
  state_ = State::waiting;
  place_ = gate_.queue_.insert(gate_.queue_.end(), this);
  if (gate_.free_ > 0) gate_.next_round_.set(steady_now());
}

void ConnectGate::Turn::enter() {
  state_ = State::inside;
  limit_.set(after(steady_now(), kLongestTurn));
  on_turn_();
}

void ConnectGate::Turn::leave() {
  limit_.cancel();
  const State left = std::exchange(state_, State::away);
  if (left == State::waiting) gate_.queue_.erase(place_);
  if (left != State::inside) return;
  ++gate_.free_;
  if (!gate_.queue_.empty()) gate_.next_round_.set(steady_now());
}

}  // namespace pgrepl
