// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/session.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "exporter/collect/postgres/connect_error.h"
#include "exporter/collect/postgres/round_trip.h"

namespace pgrepl {
Session::Session(SessionServices services, std::string cluster, NodeConfig node,
                 const SessionLimits& limits)
    : node_(std::move(node)),
      limits_(limits),
      stats_{.cluster = std::move(cluster), .node = node_.name},
      backoff_(limits_.poll_interval),
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
  } else if (const std::optional<Failure> refusal = backoff_.standing(poll_began_)) {
    finish(refusal);
  } else {
    connect();
  }
}

void Session::note_failure_to_connect(const Failure& failure) {
  backoff_.note(failure, steady_now(), std::uniform_real_distribution(0.0, 1.0)(random_));
}

void Session::connect() {
  phase_ = Phase::connecting;
  opened_in_this_poll_ = true;
  const SteadyTime limit = std::min(deadline_, after(steady_now(), limits_.connect_timeout));
  deadline_timer_.set(limit);
  connector_.start(limit);
}

void Session::on_connected(Result<PgConn, Failure> outcome) {
  if (!outcome) {
    note_failure_to_connect(outcome.error());
    finish(outcome.error());
    return;
  }
  backoff_.reset();
  connection_ = std::move(*outcome);
  ++stats_.connects;
  if (PQserverVersion(connection_.get()) < kOldestServerVersion) {
    close();
    finish(Failure{FailureClass::other, "connect: the server is older than PostgreSQL 13"});
    return;
  }
  PQsetNoticeReceiver(connection_.get(), on_notice, this);
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
    const Failure broken{FailureClass::other, "query: the connection broke before the answer"};
    on_broken(exchange_->last_words().value_or(broken));
    return;
  }
  // Between polls too: that is how the end of the server shows.
  const std::uint32_t writing = exchange_->wants_to_write() ? EPOLLOUT : 0U;
  if (!watch_.watch(PQsocket(connection_.get()), EPOLLIN | writing)) {
    on_broken(not_watched("query", errno));
    return;
  }
  if (progress == Exchange::Progress::waiting) return;
  if (phase_ == Phase::preparing) {
    query();
  } else if (phase_ == Phase::querying) {
    finish(exchange_->failure());
  }
}

/// Between polls the server's farewell is a notice; under a poll it is the answer.
void Session::on_notice(void* session, const PGresult* notice) {
  const auto field = [notice](int code) {
    const char* text = PQresultErrorField(notice, code);
    return std::string_view(text != nullptr ? text : "");
  };
  if (announces_stop(field(PG_DIAG_SQLSTATE), field(PG_DIAG_SOURCE_FUNCTION)))
    static_cast<Session*>(session)->announced_stop_ = true;
}

void Session::on_broken(const Failure& failure) {
  announced_stop_ |= failure.reason == FailureClass::shutting_down;
  const bool between_polls = phase_ == Phase::idle;
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
  if (phase_ == Phase::connecting) note_failure_to_connect(failure);
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
    announced_stop_ |= failure->reason == FailureClass::shutting_down;
    snapshot.announced_stop = announced_stop_;
    ++stats_.errors[static_cast<std::size_t>(failure->reason)];
    snapshot.state = Failed{std::move(*failure)};
  } else {
    state_.round_trip = tcp_round_trip(connection_ ? PQsocket(connection_.get()) : -1);
    snapshot.state = state_;
    announced_stop_ = false;
  }
  if (exchange_ && exchange_->needs_new_connection()) {
    close();
    slow_due_ = {};  // the statement without which the poll went may be a slow one
  }
  owner_->on_polled(*this, std::move(snapshot));
}

}  // namespace pgrepl
