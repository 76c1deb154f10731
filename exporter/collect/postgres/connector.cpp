// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/connector.h"

#include <sys/epoll.h>

#include <cerrno>
#include <utility>

#include "exporter/collect/postgres/connect_error.h"

namespace pgrepl {
namespace {

void ignore_notice(void* /*context*/, const PGresult* /*notice*/) {}

PgConn start_connecting(const ConnectOptions& options) {
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : options) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PgConn connection(PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/0));
  if (!connection) return connection;
  // Only the verbose text of a failed connection holds its SQLSTATE.
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);
  // libpq's default prints a server's notices to our standard error.
  PQsetNoticeReceiver(connection.get(), ignore_notice, nullptr);
  return connection;
}

}  // namespace

Connector::Connector(SessionServices services, const ConnectionConfig& connection,
                     const SessionLimits& limits, OnDone on_done)
    : connection_(connection),
      limits_(limits),
      on_done_(std::move(on_done)),
      watch_(services.loop, *this),
      attempt_limit_(
          services.loop,
          [this] {
            try_next_address(no_answer("connect", elapsed(attempt_began_, steady_now())));
          }),
      turn_(services.gate,
            [this] {
              limit_attempt();
              go_on();
            }),
      request_(services.resolver,
               [this](const Resolver::Addresses& addresses) { on_addresses(addresses); }) {}

void Connector::start(SteadyTime deadline) {
  deadline_ = deadline;
  const std::string host = host_to_look_up(connection_);
  if (host.empty()) {
    on_addresses(std::vector<std::string>{""});
    return;
  }
  step_ = "name lookup";
  request_.ask(host);
}

void Connector::on_addresses(const Resolver::Addresses& addresses) {
  if (!addresses) {
    finish(Failed{addresses.error()});
    return;
  }
  step_ = "connect";
  if (addresses_ != *addresses) working_ = 0;
  addresses_ = *addresses;
  attempt_ = 0;
  try_address();
}

void Connector::limit_attempt() {
  attempt_began_ = steady_now();
  const std::size_t left = addresses_.size() - attempt_;
  if (left < 2) return;
  // Each address gets its share of the time, so that a silent one does not hide a good one.
  const Seconds share = elapsed(attempt_began_, deadline_) / static_cast<double>(left);
  attempt_limit_.set(after(attempt_began_, share));
}

void Connector::try_address() {
  limit_attempt();
  answered_ = false;
  const std::string& address = addresses_[(working_ + attempt_) % addresses_.size()];
  connecting_ = start_connecting(connect_options(connection_, limits_, address));
  if (PQstatus(connecting_.get()) == CONNECTION_BAD) {
    try_next_address(failure());
  } else {
    watch_socket(PGRES_POLLING_WRITING);
  }
}

void Connector::try_next_address(const Failure& failure) {
  turn_.leave();
  watch_.drop();
  connecting_.reset();
  attempt_limit_.cancel();
  // Only the network's failures are worth another address: a server that answered is the right one.
  const bool network =
      failure.reason == FailureClass::refused || failure.reason == FailureClass::timeout;
  ++attempt_;
  if (network && attempt_ < addresses_.size()) {
    try_address();
  } else {
    finish(Failed{failure});
  }
}

void Connector::watch_socket(PostgresPollingStatusType wanted) {
  wanted_ = wanted;
  // libpq may have closed the socket and opened another, even under the same number.
  const std::uint32_t events = wanted == PGRES_POLLING_READING ? EPOLLIN : EPOLLOUT;
  if (!watch_.watch(PQsocket(connecting_.get()), events)) {
    finish(Failed{not_watched("connect", errno)});
  }
}

void Connector::on_ready(std::uint32_t /*events*/) {
  if (answered_ || wanted_ != PGRES_POLLING_READING) {
    go_on();
    return;
  }
  // From its first answer on a server costs time of ours; one that stays silent takes no turn.
  answered_ = true;
  watch_.drop();
  attempt_limit_.cancel();
  turn_.wait();
}

void Connector::go_on() {
  const PostgresPollingStatusType wanted = PQconnectPoll(connecting_.get());
  if (wanted == PGRES_POLLING_FAILED) {
    try_next_address(failure());
  } else if (wanted == PGRES_POLLING_OK) {
    working_ = (working_ + attempt_) % addresses_.size();
    watch_.drop();
    finish(std::move(connecting_));
  } else {
    watch_socket(wanted);
  }
}

Failure Connector::failure() const {
  PGconn* connection = connecting_.get();
  const char* password = connection != nullptr ? PQpass(connection) : nullptr;
  return classify_connect_failure({.text = PQerrorMessage(connection),
                                   .needs_password = PQconnectionNeedsPassword(connection) == 1,
                                   .password = password != nullptr ? password : ""});
}

void Connector::finish(Result<PgConn, Failure> outcome) {
  cancel();
  on_done_(std::move(outcome));
}

void Connector::cancel() {
  request_.cancel();
  turn_.leave();
  attempt_limit_.cancel();
  watch_.drop();
  connecting_.reset();
}

}  // namespace pgrepl
