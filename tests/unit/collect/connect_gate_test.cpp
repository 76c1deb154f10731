// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/connect_gate.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace pgrepl {
namespace {

TEST(ConnectGate, LetsNoMoreInThanItsLimitAndTheNextWhenOneLeaves) {
  EventLoop loop;
  ConnectGate gate(loop, 2);
  int inside = 0;
  std::vector<std::unique_ptr<ConnectGate::Turn>> turns;
  for (int i = 0; i < 3; ++i) {
    turns.push_back(std::make_unique<ConnectGate::Turn>(gate, [&] { ++inside; }));
    turns.back()->wait();
  }
  loop.run_once();
  EXPECT_EQ(inside, 2);
  turns[0]->leave();
  loop.run_once();
  EXPECT_EQ(inside, 3);
}

TEST(ConnectGate, ATurnThatLastsTooLongDoesNotKeepTheOthersOut) {
  EventLoop loop;
  ConnectGate gate(loop, 1);
  int inside = 0;
  ConnectGate::Turn silent(gate, [&] { ++inside; }), next(gate, [&] { ++inside; });
  silent.wait();
  next.wait();
  const SteadyTime limit = after(steady_now(), Seconds{5});
  while (inside < 2 && steady_now() < limit) loop.run_once();
  EXPECT_EQ(inside, 2);
}

TEST(ConnectGate, WhoLeavesTheQueueGetsNoTurn) {
  EventLoop loop;
  ConnectGate gate(loop, 1);
  int first_calls = 0, second_calls = 0;
  ConnectGate::Turn first(gate, [&] { ++first_calls; }), second(gate, [&] { ++second_calls; });
  first.wait();
  second.wait();
  first.leave();
  loop.run_once();
  EXPECT_EQ(first_calls, 0);
  EXPECT_EQ(second_calls, 1);
}

}  // namespace
}  // namespace pgrepl
