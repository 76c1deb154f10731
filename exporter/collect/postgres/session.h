// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <random>
#include <string>

#include "checks/model/exporter_snapshot.h"
#include "checks/model/node_snapshot.h"
#include "exporter/collect/backoff.h"
#include "exporter/collect/postgres/connector.h"
#include "exporter/collect/postgres/exchange.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// One node's connection and its polls, one after another.  The connection stays open between polls
/// and is watched, so that the end of a server is noticed at once.
///
/// A poll always ends by its deadline, with the node's state or with a failure.  A connection that
/// breaks under a poll is opened anew once: the poll is to tell how the server is, not how the
/// connection was. Confined to the loop's thread.
class Session final : private EventLoop::Watch::Handler {
 public:
  class Owner {
   public:
    /// The node's positions are read in this poll.
    virtual void on_position(Session& session) = 0;
    /// The poll has ended.
    virtual void on_polled(Session& session, NodeSnapshot snapshot) = 0;
    /// The connection broke between two polls.
    virtual void on_lost(Session& session) = 0;

   protected:
    ~Owner() = default;
  };

  Session(SessionServices services, std::string cluster, NodeConfig node,
          const SessionLimits& limits);

  /// To be set before the first poll; it may change between polls.  Another owner comes with
  /// another configuration, so the next poll tries also what was refused before.
  void set_owner(Owner* owner) {
    owner_ = owner;
    backoff_.reset();
  }

  /// Begins a poll.  Its end may come before this returns.  Not while one is going on.
  void poll(SteadyTime deadline);

  bool polling() const { return phase_ != Phase::idle; }
  const NodeConfig& node() const { return node_; }
  const SessionLimits& limits() const { return limits_; }
  const NodePollStats& stats() const { return stats_; }

 private:
  enum class Phase { idle, connecting, preparing, querying };

  void connect();
  void on_connected(Result<PgConn, Failure> outcome);
  void query();
  void on_ready(std::uint32_t events) override;
  void go_on(Exchange::Progress progress);
  void on_broken(const Failure& failure);
  void on_deadline();
  void note_failure_to_connect(const Failure& failure);
  static void on_notice(void* session, const PGresult* notice);
  void close();
  void finish(std::optional<Failure> failure);

  NodeConfig node_;
  SessionLimits limits_;
  Owner* owner_ = nullptr;
  NodePollStats stats_;

  Phase phase_ = Phase::idle;
  SteadyTime poll_began_{}, deadline_{};
  bool opened_in_this_poll_ = false;
  bool announced_stop_ = false;  ///< see NodeSnapshot
  SteadyTime slow_due_{};

  NodeState state_;  ///< of the present poll; its slow facts live on from poll to poll
  PgConn connection_;
  std::optional<Exchange> exchange_;  ///< on the connection, which outlives it

  Backoff backoff_;
  std::minstd_rand random_;

  // Last: they call back, and must be gone before what they use.
  EventLoop::Watch watch_;
  EventLoop::Timer deadline_timer_;
  Connector connector_;
};

}  // namespace pgrepl
