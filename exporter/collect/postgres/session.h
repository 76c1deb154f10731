// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "checks/model/exporter_snapshot.h"
#include "checks/model/node_snapshot.h"
#include "exporter/collect/postgres/connector.h"
#include "exporter/collect/postgres/pipeline.h"
#include "exporter/collect/postgres/queries.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// One node's connection and its polls, one after another.  The connection stays open between polls
/// and is watched, so that the end of a server is noticed at once.
///
/// A poll always ends by its deadline, with the node's state or with a failure.  An error in the
/// core group is answered by a second try at once, because a promotion in its middle causes one;
/// after a second error each statement goes for itself, so that the others' facts survive.  A
/// connection that breaks under a poll is opened anew once: the poll is to tell how the server is.
/// Confined to the loop's thread.
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

  /// To be set before the first poll; it may change between polls.
  void set_owner(Owner* owner) { owner_ = owner; }

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
  void send_prepare();
  void send_query();
  bool send_core();
  bool send_slow();
  void watch_socket();
  void on_ready(std::uint32_t events) override;
  void on_answer(std::size_t index, const PGresult& result);
  void on_prepared(std::size_t index, const PGresult& result);
  void on_group_done();
  void on_broken();
  void on_deadline();
  void give_up_slow(const Failure& failure);
  void apply(std::size_t index, const StatementOutcome& outcome);
  Failure failure_of(std::size_t index, const PGresult& result) const;
  std::optional<Failure> hopeless_for_now() const;
  void remember_refusal(const Failure& failure);
  bool has_core() const;
  void close();
  void finish(std::optional<Failure> failure);

  NodeConfig node_;
  SessionLimits limits_;
  Owner* owner_ = nullptr;
  NodePollStats stats_;

  Phase phase_ = Phase::idle;
  SteadyTime poll_began_{}, deadline_{};
  bool opened_in_this_poll_ = false;
  std::optional<Failure> last_words_;  ///< of the connection, in case it ends now

  PgConn connection_;
  std::optional<Pipeline> pipeline_;
  std::vector<std::optional<Failure>> unprepared_;  ///< by statement

  NodeState state_;            ///< of the present poll; slow facts live on from poll to poll
  std::vector<bool> awaited_;  ///< by statement
  int tries_ = 0;              ///< of the core group in this poll
  bool one_by_one_ = false;    ///< a Sync per core statement, until all of them work again
  std::optional<Failure> core_failure_;   ///< the first one of this try
  std::optional<Failure> state_failure_;  ///< of the first statement
  SteadyTime slow_due_{};

  std::optional<Failure> refusal_;  ///< the last attempt met one that only people can cure
  SteadyTime retry_at_{};
  std::minstd_rand random_;

  // Last: they call back, and must be gone before what they use.
  EventLoop::Watch watch_;
  EventLoop::Timer deadline_timer_;
  Connector connector_;
};

}  // namespace pgrepl
