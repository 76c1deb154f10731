// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "checks/model/cluster_snapshot.h"
#include "checks/model/exporter_snapshot.h"
#include "exporter/collect/host_facts.h"
#include "exporter/collect/postgres/session.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// What one poll of a cluster gave.
struct ClusterPoll {
  ClusterSnapshot snapshot;
  std::vector<NodePollStats> stats;  ///< in the order of the nodes
};

/// How soon to look again.
enum class Pace {
  calm,   ///< poll_interval
  alert,  ///< poll_interval_alert
};

/// Takes a finished poll, on the thread that polls, and says how soon to look again.
using OnClusterPoll = std::function<Pace(ClusterPoll)>;

/// Polls one cluster again and again: all nodes at the same time, but for the head start that the
/// primary gets, because lag is told by a primary's position that was read before the standby's.  A
/// poll ends when each node has answered, at the latest after poll_timeout.  A connection that
/// breaks between two polls starts one at once, at most one a second.  Confined to the loop's
/// thread.
class ClusterPoller final : private Session::Owner {
 public:
  using Sessions = std::vector<std::unique_ptr<Session>>;

  /// `host_facts` may be null.  Sessions found in `reusable` for a node of the same name and
  /// connection are taken over.
  ClusterPoller(SessionServices services, const ExporterConfig& exporter,
                const ClusterConfig& cluster, HostFacts* host_facts, OnClusterPoll on_poll,
                Sessions reusable = {});

  /// The first poll begins at this moment.
  void start(SteadyTime first_poll) { next_.set(first_poll); }

  const std::string& name() const { return name_; }

  /// Hands over the sessions that are between two polls; the others end with this object.
  Sessions release_sessions();

 private:
  void begin();
  void start_others();
  void start_session(std::size_t node);
  void on_position(Session& session) override;
  void on_polled(Session& session, NodeSnapshot snapshot) override;
  void on_lost(Session& session) override;
  void end();
  std::optional<HostSnapshot> host_facts_of(const NodeSnapshot& node);
  std::size_t index_of(const Session& session) const;

  std::string name_;
  ExporterConfig exporter_;
  HostFacts* host_facts_;
  OnClusterPoll on_poll_;

  std::vector<std::optional<NodeSnapshot>> answers_;  ///< of the present poll
  std::vector<bool> started_;
  std::size_t unfinished_ = 0;  ///< nodes without an answer; 0 between polls
  SteadyTime began_{};
  bool again_ = false;                  ///< a connection broke: poll at once
  std::optional<std::size_t> primary_;  ///< by the last poll

  // Last: they call back, and must be gone before what they use.
  EventLoop::Timer next_, head_start_;
  Sessions sessions_;  ///< in the order of the nodes
};

}  // namespace pgrepl
