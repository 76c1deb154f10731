// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "checks/analysis/cluster_analysis.h"
#include "tests/unit/analysis/moments.h"

namespace pgrepl::test {

inline const std::string kSystem = "7123456789";

/// A pair as it is polled: a1 is primary, a2 its standby, both on timeline 1, unless a test says
/// more. poll() takes all positions at the given second and folds them into the memory.
class PolledPair {
 public:
  PolledPair() {
    snapshot_.nodes.resize(2);
    snapshot_.nodes[0].postgres = {.name = "a1", .state = node(false)};
    snapshot_.nodes[1].postgres = {.name = "a2", .state = node(true)};
    a2().replay_lsn = Lsn(1000);
    a1().current_wal_flush_lsn = Lsn(1000);
  }

  NodeState& a1() { return state_of(0); }
  NodeState& a2() { return state_of(1); }

  void silence(std::size_t node) {
    answers_[node] = std::exchange(snapshot_.nodes[node].postgres.state,
                                   Failed{Failure{FailureClass::timeout, "no answer within 3 s"}});
  }
  void wake(std::size_t node) { snapshot_.nodes[node].postgres.state = answers_[node]; }

  static void promote(NodeState& node, std::uint32_t timeline, Lsn position) {
    node.in_recovery = false;
    node.timeline = timeline;
    node.replay_lsn.reset();
    node.wal_receiver.reset();
    node.current_wal_flush_lsn = position;
  }

  void poll(double second) {
    for (NodeObservation& node : snapshot_.nodes) {
      if (node.postgres.up()) node.postgres.state.value().position_read = reading_at(second);
    }
    snapshot_.taken = instant(second + 0.1);
    memory = remember(std::move(memory), snapshot_);
  }

  ClusterSnapshot& snapshot() { return snapshot_; }

  ClusterMemory memory;

 private:
  using Answer = Result<NodeState, Failure>;

  static NodeState node(bool in_recovery) {
    NodeState state;
    state.in_recovery = in_recovery;
    state.system_identifier = kSystem;
    state.timeline = 1;
    state.has_pg_monitor = true;
    return state;
  }
  NodeState& state_of(std::size_t node) { return snapshot_.nodes[node].postgres.state.value(); }

  ClusterSnapshot snapshot_;
  Answer answers_[2] = {Failed{Failure{}}, Failed{Failure{}}};
};

}  // namespace pgrepl::test
