// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/result.h"
#include "checks/model/failure.h"
#include "exporter/collect/connect_gate.h"
#include "exporter/collect/event_loop.h"
#include "exporter/collect/postgres/connect_options.h"
#include "exporter/collect/postgres/pg_handles.h"
#include "exporter/collect/resolver.h"

namespace pgrepl {

/// What all sessions of a loop share.  Outlives them.
struct SessionServices {
  EventLoop& loop;
  Resolver& resolver;
  ConnectGate& gate;
};

/// Opens a connection to one node without ever waiting: name, address after address until one
/// answers, turn, handshake.  It has no deadline for the whole; its owner cancels it.  Confined to
/// the loop's thread.
class Connector final : private EventLoop::Watch::Handler {
 public:
  using OnDone = std::function<void(Result<PgConn, Failure>)>;

  /// The references must outlive this object.
  Connector(SessionServices services, const ConnectionConfig& connection,
            const SessionLimits& limits, OnDone on_done);

  /// The outcome comes by a call of on_done, not before this returns unless a name's addresses are
  /// known or there is no name; never after cancel().
  void start(SteadyTime deadline);
  void cancel();

  /// What goes on, for the message about a missed deadline: "name lookup" or "connect".
  std::string_view step() const { return step_; }

 private:
  void on_addresses(const Resolver::Addresses& addresses);
  void limit_attempt();
  void try_address();
  void try_next_address(const Failure& failure);
  void watch_socket(PostgresPollingStatusType wanted);
  void on_ready(std::uint32_t events) override;
  void go_on();
  Failure failure() const;
  void finish(Result<PgConn, Failure> outcome);

  const ConnectionConfig& connection_;
  const SessionLimits& limits_;
  OnDone on_done_;

  std::string_view step_ = "connect";
  SteadyTime deadline_{};
  SteadyTime attempt_began_{};
  std::vector<std::string> addresses_;
  std::size_t attempt_ = 0;
  std::size_t working_ = 0;  ///< index of the address that answered last
  PgConn connecting_;
  PostgresPollingStatusType wanted_ = PGRES_POLLING_WRITING;
  bool answered_ = false;  ///< the server has said something in this attempt

  // Above all: these call back, and must be gone before what they use.
  EventLoop::Watch watch_;
  EventLoop::Timer attempt_limit_;
  ConnectGate::Turn turn_;
  Resolver::Request request_;
};

}  // namespace pgrepl
