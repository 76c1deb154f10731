// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/base/time.h"
#include "exporter/collect/host/look.h"

namespace pgrepl {

/// Which source is to be looked at when, and what the looks found.  Knows no thread and no clock.
class LookSchedule {
 public:
  using NodeKey = std::pair<std::string, std::string>;  ///< cluster, node

  /// A look to begin now.
  struct Task {
    std::size_t slot = 0;
    HostConfig host;
    std::vector<Directory> directories;
  };

  LookSchedule(Seconds refresh, Seconds deadline) : refresh_(refresh), deadline_(deadline) {}

  void add_node(const NodeKey& key, const HostConfig& host);
  void learn(const NodeKey& key, const std::string& data_directory, SteadyTime now);
  /// Takes over what is known of the nodes whose configuration is the same in both, until looks of
  /// its own come back.
  void take_over(const LookSchedule& before);

  /// Turns looks that are beyond their deadline into timeouts.
  void mark_late(SteadyTime now);
  /// The next look that is due, now begun; absent if none is.
  std::optional<Task> begin_next(SteadyTime now);
  /// A look has come back.
  void finish(std::size_t slot, std::vector<DirectorySpace> found, SteadyTime now);

  /// When mark_late() or begin_next() may have something to do; absent: only after learn() or
  /// finish().
  std::optional<SteadyTime> next_event() const;
  std::optional<HostSnapshot> latest(const NodeKey& key) const;
  /// Whether every directory that is known has been looked at, or is late.
  bool settled() const;

 private:
  struct Node {
    HostConfig host;
    std::string data_directory;
    std::vector<std::size_t> slots;
  };
  /// What one look covers: one directory of this machine, which may hang alone, or all of a
  /// node_exporter.
  struct Slot {
    NodeKey node;
    std::vector<DirectoryPurpose> purposes;
    SteadyTime due;
    bool looking = false;
    bool late = false;
    SteadyTime begun;
    std::vector<Directory> directories;  ///< of the look that goes on
    std::vector<DirectorySpace> found;   ///< empty: nothing yet
  };

  std::vector<Directory> directories_for(const Slot& slot) const;

  Seconds refresh_, deadline_;
  std::map<NodeKey, Node> nodes_;
  std::vector<Slot> slots_;
  std::size_t in_time_ = 0;  ///< looks that go on and are not late
};

}  // namespace pgrepl
