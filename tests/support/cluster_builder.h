// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/judge/judge.h"

namespace pgrepl::test {

/// A cluster as values, for tests of the pure core: healthy unless told otherwise, its time under
/// the test's control.  Nodes are a1 (primary) and a2 (its synchronous standby over slot a2_slot).
class ClusterBuilder {
 public:
  ClusterBuilder();

  NodeState& primary() { return state_of(0); }
  NodeState& standby() { return state_of(1); }
  StatReplicationRow& walsender() { return primary().wal_senders.front(); }
  ReplicationSlotRow& slot() { return primary().slots.front(); }

  ClusterPolicy policy;
  ClusterSnapshot snapshot;
  ClusterMemory memory;
  Thresholds thresholds;
  bool standbys_reply = true;  ///< false: no walsender gets a reply any more

  /// One more standby that streams, with a walsender that is asynchronous.
  ClusterBuilder& add_standby(const std::string& name);

  /// One commit waits on the primary from now on.
  ClusterBuilder& let_a_commit_wait();

  /// Node 0 or 1 does not answer.
  ClusterBuilder& silence(std::size_t node, FailureClass reason);

  /// The standby loses its connection: no walsender, no receiver, its slot unused.
  ClusterBuilder& cut_standby();

  /// The standby calls itself primary on the next timeline.
  ClusterBuilder& promote_standby();

  /// The primary writes WAL; nobody receives it yet.
  ClusterBuilder& write(std::int64_t bytes);

  /// The standby receives everything.
  ClusterBuilder& receive_all();

  /// The standby replays so much of what it has received.
  ClusterBuilder& replay(std::int64_t bytes);

  /// The standby receives and replays everything.
  ClusterBuilder& replay_all();

  /// One poll later: the clock moves on, and the report is made.
  ClusterReport poll(double seconds_later = 5);

 private:
  NodeState& state_of(std::size_t node) { return snapshot.nodes[node].postgres.state.value(); }
};

/// The result of a check on a node (and object); fails the test if there is none.
CheckResult result_of(const ClusterReport& report, std::string_view check,
                      std::string_view node = "", std::string_view object = "");

/// Whether a check gave a verdict on a node.
bool has_result(const ClusterReport& report, std::string_view check, std::string_view node);

}  // namespace pgrepl::test
