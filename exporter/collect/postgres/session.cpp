// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/session.h"

#include <sys/epoll.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "exporter/collect/postgres/connect_error.h"
#include "exporter/collect/postgres/round_trip.h"

namespace pgrepl {
namespace {

/// Failures that stay until somebody changes a configuration.  Each attempt costs the server a
/// process and a line in its log, so they are not repeated at the pace of an alert.
bool needs_people(FailureClass reason) {
  return reason == FailureClass::hba_rejected || reason == FailureClass::password ||
         reason == FailureClass::no_database || reason == FailureClass::tls;
}

}  // namespace

Session::Session(SessionServices services, std::string cluster, NodeConfig node,
                 const SessionLimits& limits)
    : node_(std::move(node)),
      limits_(limits),
      stats_{.cluster = std::move(cluster), .node = node_.name},
      random_(std::random_device{}()),
      watch_(services.loop, *this),
      deadline_timer_(services.loop, [this] { on_deadline(); }),
      connector_(services, node_.connection, limits_,
                 [this](Result<PgConn, Failure> outcome) { on_connected(std::move(outcome)); }) {}

void Session::poll(SteadyTime deadline) {
  ++stats_.polls;
  poll_began_ = steady_now();
  deadline_ = deadline;
  opened_in_this_poll_ = false;
  if (connection_) {
    deadline_timer_.set(deadline_);
    query();
  } else if (const std::optional<Failure> refusal = standing_refusal()) {
    finish(refusal);
  } else {
    connect();
  }
}

std::optional<Failure> Session::standing_refusal() const {
  return steady_now() < retry_at_ ? refusal_ : std::nullopt;
}

void Session::remember_refusal(const Failure& failure) {
  if (!needs_people(failure.reason)) return;
  refusal_ = failure;
  // Below one interval, so that at the usual pace each poll is a new attempt; not the same for all.
  const double share = std::uniform_real_distribution(0.7, 0.95)(random_);
  retry_at_ = after(steady_now(), share * limits_.poll_interval);
}

void Session::connect() {
  phase_ = Phase::connecting;
  opened_in_this_poll_ = true;
  const SteadyTime limit = std::min(deadline_, after(steady_now(), limits_.connect_timeout));
  deadline_timer_.set(limit);
  connector_.start(limit);
}

void Session::on_connected(Result<PgConn, Failure> outcome) {
  refusal_.reset();
  if (!outcome) {
    remember_refusal(outcome.error());
    finish(outcome.error());
    return;
  }
  connection_ = std::move(*outcome);
  ++stats_.connects;
  if (PQserverVersion(connection_.get()) < kOldestServerVersion) {
    close();
    finish(Failure{FailureClass::other, "connect: the server is older than PostgreSQL 13"});
    return;
  }
  deadline_timer_.set(deadline_);
  phase_ = Phase::preparing;
  exchange_.emplace(connection_.get(), state_, [this] { owner_->on_position(*this); });
  go_on(exchange_->prepare());
}

void Session::query() {
  phase_ = Phase::querying;
  const SteadyTime now = steady_now();
  const bool with_slow = slow_due_ <= now;
  if (with_slow) slow_due_ = after(now, limits_.slow_interval);
  go_on(exchange_->query(with_slow));
}

void Session::on_ready(std::uint32_t /*events*/) { go_on(exchange_->advance()); }

void Session::go_on(Exchange::Progress progress) {
  if (progress == Exchange::Progress::broken) {
    on_broken();
    return;
  }
  // Between polls too: that is how the end of the server shows.
  const std::uint32_t writing = exchange_->wants_to_write() ? EPOLLOUT : 0U;
  watch_.watch(PQsocket(connection_.get()), EPOLLIN | writing);
  if (progress == Exchange::Progress::waiting) return;
  if (phase_ == Phase::preparing) {
    query();
  } else if (phase_ == Phase::querying) {
    finish(exchange_->failure());
  }
}

void Session::on_broken() {
  const bool between_polls = phase_ == Phase::idle;
  const Failure broken{FailureClass::other, "query: the connection broke before the answer"};
  const Failure failure = exchange_->last_words().value_or(broken);
  close();
  slow_due_ = {};  // whoever answers next may be another server
  if (between_polls) {
    owner_->on_lost(*this);
  } else if (!opened_in_this_poll_) {
    connect();
  } else {
    finish(failure);
  }
}

void Session::on_deadline() {
  const std::string_view step = phase_ == Phase::connecting  ? connector_.step()
                                : phase_ == Phase::preparing ? "connect"
                                                             : "query";
  const Seconds limit =
      phase_ == Phase::connecting ? limits_.connect_timeout : limits_.poll_timeout;
  const Failure failure = no_answer(step, limit);
  connector_.cancel();
  const bool has_core = exchange_ && exchange_->has_core();
  if (has_core) {
    exchange_->give_up_slow(failure);
  } else {
    slow_due_ = {};
  }
  close();
  finish(has_core ? std::nullopt : std::optional(failure));
}

void Session::close() {
  watch_.drop();
  exchange_.reset();
  connection_.reset();
}

void Session::finish(std::optional<Failure> failure) {
  deadline_timer_.cancel();
  phase_ = Phase::idle;
  NodeSnapshot snapshot{.name = node_.name};
  snapshot.poll_duration = elapsed(poll_began_, steady_now());
  if (failure) {
    ++stats_.errors[static_cast<std::size_t>(failure->reason)];
    snapshot.state = Failed{std::move(*failure)};
  } else {
    state_.round_trip = tcp_round_trip(connection_ ? PQsocket(connection_.get()) : -1);
    snapshot.state = state_;
  }
  owner_->on_polled(*this, std::move(snapshot));
}

}  // namespace pgrepl
