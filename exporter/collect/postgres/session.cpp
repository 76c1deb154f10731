// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/session.h"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "exporter/collect/postgres/connect_error.h"
#include "exporter/collect/postgres/round_trip.h"

namespace pgrepl {
namespace {

constexpr std::size_t kNodeState = 0;  ///< index of the statement without which there is no answer

bool is_core(const Statement& statement) { return statement.group == StatementGroup::core; }

/// Failures that stay until somebody changes a configuration.  Each attempt costs the server a
/// process and a line in its log, so they are not repeated at the pace of an alert.
bool needs_people(FailureClass reason) {
  return reason == FailureClass::hba_rejected || reason == FailureClass::password ||
         reason == FailureClass::no_database || reason == FailureClass::tls;
}

/// A fresh state for the next try: what the slow group has read stays.
NodeState with_slow_facts_of(NodeState& before) {
  NodeState state;
  state.settings = std::move(before.settings);
  state.wal_directory = std::move(before.wal_directory);
  state.archiver = std::move(before.archiver);
  state.archive_status = std::move(before.archive_status);
  return state;
}

}  // namespace

Session::Session(SessionServices services, std::string cluster, NodeConfig node,
                 const SessionLimits& limits)
    : node_(std::move(node)),
      limits_(limits),
      stats_{.cluster = std::move(cluster), .node = node_.name},
      unprepared_(statements().size()),
      awaited_(statements().size(), false),
      random_(std::random_device{}()),
      watch_(services.loop, *this),
      deadline_timer_(services.loop, [this] { on_deadline(); }),
      connector_(services, node_.connection, limits_,
                 [this](Result<PgConn, Failure> outcome) { on_connected(std::move(outcome)); }) {}

void Session::poll(SteadyTime deadline) {
  ++stats_.polls;
  poll_began_ = steady_now();
  deadline_ = deadline;
  tries_ = 0;
  opened_in_this_poll_ = false;
  if (connection_) {
    deadline_timer_.set(deadline_);
    send_query();
  } else if (const std::optional<Failure> failure = hopeless_for_now()) {
    finish(failure);
  } else {
    connect();
  }
}

std::optional<Failure> Session::hopeless_for_now() const {
  return steady_now() < retry_at_ ? refusal_ : std::nullopt;
}

void Session::remember_refusal(const Failure& failure) {
  if (!needs_people(failure.reason)) return;
  refusal_ = failure;
  // Below one interval, so that at the usual pace each poll is a new attempt; not the same for all
  // nodes.
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
  deadline_timer_.set(deadline_);
  connection_ = std::move(*outcome);
  ++stats_.connects;
  if (PQserverVersion(connection_.get()) < kOldestServerVersion) {
    close();
    finish(Failure{FailureClass::other, "connect: the server is older than PostgreSQL 13"});
    return;
  }
  pipeline_.emplace(connection_.get());
  send_prepare();
}

void Session::send_prepare() {
  phase_ = Phase::preparing;
  one_by_one_ = false;
  std::ranges::fill(unprepared_, std::nullopt);
  const int version = PQserverVersion(connection_.get());
  bool sent = true;
  for (std::size_t i = 0; i < statements().size(); ++i) {
    const Statement& statement = statements()[i];
    sent = sent && pipeline_->prepare(i, statement.name, statement_sql(statement, version)) &&
           pipeline_->sync();
  }
  if (sent && pipeline_->flush()) {
    watch_socket();
  } else {
    on_broken();
  }
}

void Session::send_query() {
  phase_ = Phase::querying;
  ++tries_;
  core_failure_.reset();
  state_failure_.reset();
  last_words_.reset();
  awaited_.assign(statements().size(), false);
  state_ = with_slow_facts_of(state_);
  state_.server_version_num = PQserverVersion(connection_.get());
  const char* version = PQparameterStatus(connection_.get(), "server_version");
  state_.server_version = version != nullptr ? version : "";
  state_.position_read.began = steady_now();
  if (send_core() && send_slow() && pipeline_->flush()) {
    watch_socket();
  } else {
    on_broken();
  }
}

bool Session::send_core() {
  bool sent = true;
  for (std::size_t i = 0; i < statements().size(); ++i) {
    if (!is_core(statements()[i])) continue;
    if (unprepared_[i]) {
      apply(i, Failed{*unprepared_[i]});
      continue;
    }
    awaited_[i] = true;
    sent = sent && pipeline_->execute(i, statements()[i].name);
    if (one_by_one_) sent = sent && pipeline_->sync();
  }
  return sent && (one_by_one_ || pipeline_->sync());
}

bool Session::send_slow() {
  if (slow_due_ > steady_now()) return true;
  slow_due_ = after(steady_now(), limits_.slow_interval);
  bool sent = true;
  for (std::size_t i = 0; i < statements().size(); ++i) {
    if (is_core(statements()[i])) continue;
    if (unprepared_[i]) {
      apply(i, Failed{*unprepared_[i]});
      continue;
    }
    awaited_[i] = true;
    sent = sent && pipeline_->execute(i, statements()[i].name) && pipeline_->sync();
  }
  return sent;
}

void Session::watch_socket() {
  const std::uint32_t writing = pipeline_->wants_to_write() ? EPOLLOUT : 0U;
  watch_.watch(PQsocket(connection_.get()), EPOLLIN | writing);
}

void Session::on_ready(std::uint32_t events) {
  bool alive = true;
  if ((events & EPOLLOUT) != 0) {
    alive = pipeline_->flush();
    watch_socket();
  }
  alive = alive && pipeline_->receive([this](std::size_t index, const PGresult& result) {
    on_answer(index, result);
  });
  if (!alive) {
    on_broken();
  } else if (phase_ != Phase::idle && pipeline_->idle()) {
    on_group_done();
  }
}

void Session::on_answer(std::size_t index, const PGresult& result) {
  if (phase_ == Phase::preparing) {
    on_prepared(index, result);
    return;
  }
  const ExecStatusType status = PQresultStatus(&result);
  if (status == PGRES_PIPELINE_ABORTED) return;  // another one's failure, which is known already
  awaited_[index] = false;
  if (status == PGRES_TUPLES_OK) {
    apply(index, &result);
  } else {
    last_words_ = failure_of(index, result);
    apply(index, Failed{*last_words_});
  }
}

void Session::on_prepared(std::size_t index, const PGresult& result) {
  if (PQresultStatus(&result) == PGRES_COMMAND_OK) return;
  unprepared_[index] = last_words_ = failure_of(index, result);
}

void Session::apply(std::size_t index, const StatementOutcome& outcome) {
  const Statement& statement = statements()[index];
  const std::optional<Failure> failure = statement.apply(outcome, steady_now(), state_);
  if (failure && is_core(statement) && !core_failure_) core_failure_ = failure;
  if (index != kNodeState) return;
  state_failure_ = failure;
  if (!failure) owner_->on_position(*this);
}

Failure Session::failure_of(std::size_t index, const PGresult& result) const {
  const auto text_of = [&result](int field) {
    const char* text = PQresultErrorField(&result, field);
    return std::string_view(text != nullptr ? text : "");
  };
  const char* password = PQpass(connection_.get());
  return classify_statement_error({.sqlstate = text_of(PG_DIAG_SQLSTATE),
                                   .text = text_of(PG_DIAG_MESSAGE_PRIMARY),
                                   .statement = statements()[index].name,
                                   .password = password != nullptr ? password : ""});
}

void Session::on_group_done() {
  if (phase_ == Phase::preparing) {
    send_query();
    return;
  }
  const bool again = core_failure_ && !one_by_one_;
  if (again) {
    one_by_one_ = tries_ > 1;
    send_query();
    return;
  }
  if (!core_failure_) one_by_one_ = false;
  finish(state_failure_);
}

void Session::on_broken() {
  const bool was_idle = phase_ == Phase::idle;
  close();
  slow_due_ = {};  // whoever answers next may be another server
  if (was_idle) {
    owner_->on_lost(*this);
  } else if (!opened_in_this_poll_) {
    connect();
  } else {
    const Failure closed{FailureClass::other, "query: the connection broke before the answer"};
    finish(last_words_.value_or(closed));
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
  const bool core_is_here = has_core();
  close();
  if (core_is_here) {
    give_up_slow(failure);
    finish(std::nullopt);
  } else {
    slow_due_ = {};
    finish(failure);
  }
}

bool Session::has_core() const {
  if (phase_ != Phase::querying || state_failure_) return false;
  if (core_failure_ && !one_by_one_) return false;
  for (std::size_t i = 0; i < awaited_.size(); ++i) {
    if (awaited_[i] && is_core(statements()[i])) return false;
  }
  return true;
}

void Session::give_up_slow(const Failure& failure) {
  for (std::size_t i = 0; i < awaited_.size(); ++i) {
    if (awaited_[i]) apply(i, Failed{failure});
  }
}

void Session::close() {
  watch_.drop();
  pipeline_.reset();
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
