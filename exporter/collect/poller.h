// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "exporter/collect/cluster_poll.h"
#include "exporter/collect/connect_gate.h"
#include "exporter/collect/event_loop.h"
#include "exporter/collect/host_facts.h"
#include "exporter/collect/resolver.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// Polls every node of every cluster from one thread.
class Poller final : private EventLoop::Watch::Handler {
 public:
  /// `host_facts` may be null and must outlive this object.  `on_poll` is called on the thread of
  /// run(). Throws std::system_error when the process has no descriptor left.
  Poller(ExporterConfig exporter, std::vector<ClusterConfig> clusters, HostFacts* host_facts,
         OnClusterPoll on_poll);
  ~Poller();

  /// Polls until a stop is asked for, which it obeys at once whatever the servers do.  To be called
  /// once.
  void run(const std::stop_token& stop);

  /// Goes on with another configuration.  Connections of nodes that stay the same stay open; a
  /// cluster that is in the middle of a poll begins it anew.  Thread-safe.
  void replace(ExporterConfig exporter, std::vector<ClusterConfig> clusters);

 private:
  struct Replacement {
    ExporterConfig exporter;
    std::vector<ClusterConfig> clusters;
  };

  void apply(const Replacement& replacement);
  void on_ready(std::uint32_t events) override;
  void wake() const;

  HostFacts* host_facts_;
  OnClusterPoll on_poll_;

  std::mutex mutex_;  ///< guards replacement_
  std::optional<Replacement> replacement_;

  EventLoop loop_;
  UniqueFd wake_;
  EventLoop::Watch wake_watch_;
  Resolver resolver_;
  ConnectGate gate_;
  std::vector<std::unique_ptr<ClusterPoller>> clusters_;  ///< last: they use all of the above
};

/// Polls all nodes of a cluster once, from no connection to none, within poll_timeout.
ClusterSnapshot poll_cluster_once(const ExporterConfig& exporter, const ClusterConfig& cluster,
                                  HostFacts* host_facts);

}  // namespace pgrepl
