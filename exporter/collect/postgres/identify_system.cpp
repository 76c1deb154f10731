// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/identify_system.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "exporter/collect/clock.h"
#include "exporter/collect/postgres/connect_error.h"
#include "exporter/collect/postgres/connector.h"

namespace pgrepl {
namespace {

constexpr std::string_view kStatement = "IDENTIFY_SYSTEM";

/// Keywords that say who connects and to what, and not where the server is.
constexpr std::array<std::string_view, 4> kOfTheRole{"user", "dbname", "passfile", "replication"};

Result<PgConn, Failure> log_in(const ConnectionConfig& connection, const SessionLimits& limits) {
  EventLoop loop;
  Resolver resolver(loop);
  ConnectGate gate(loop, 1);
  std::optional<Result<PgConn, Failure>> outcome;
  bool late = false;
  EventLoop::Timer timer(loop, [&] { late = true; });
  Connector connector({loop, resolver, gate}, connection, limits,
                      [&](Result<PgConn, Failure> done) { outcome = std::move(done); });
  const SteadyTime deadline = after(steady_now(), limits.connect_timeout);
  timer.set(deadline);
  connector.start(deadline);
  while (!outcome && !late) loop.run_once();
  if (outcome) return std::move(*outcome);
  const Failure failure = no_answer(connector.step(), limits.connect_timeout);
  connector.cancel();
  return Failed{failure};
}

/// Waits until the server has said something.  False: not before the deadline.
bool wait_for_input(PGconn* connection, SteadyTime deadline) {
  const double left = elapsed(steady_now(), deadline).count();
  if (left <= 0) return false;
  pollfd wanted{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
  const int ready = ::poll(&wanted, 1, static_cast<int>(std::ceil(left * 1000)));
  return ready > 0 || (ready < 0 && errno == EINTR);
}

std::string_view text_of(const PGresult* result, int column) {
  return PQgetisnull(result, 0, column) != 0 ? "" : PQgetvalue(result, 0, column);
}

Result<SystemIdentity, Failure> read_identity(const PGresult* result, std::string_view password) {
  if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1 ||
      PQnfields(result) < 2) {
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return Failed{classify_statement_error({.sqlstate = sqlstate == nullptr ? "" : sqlstate,
                                            .text = text == nullptr ? "no row came back" : text,
                                            .statement = kStatement,
                                            .password = password})};
  }
  SystemIdentity identity{.system_identifier = std::string{text_of(result, 0)}};
  const std::string_view timeline = text_of(result, 1);
  std::from_chars(timeline.data(), timeline.data() + timeline.size(), identity.timeline);
  return identity;
}

}  // namespace

ConnectionConfig replication_connection(const ConnectionConfig& node,
                                        const ConnectionConfig& login) {
  ConnectionConfig connection{.keywords = {}, .password = login.password};
  for (const auto& [name, value] : node.keywords) {
    if (std::ranges::find(kOfTheRole, name) == kOfTheRole.end()) {
      connection.keywords.emplace_back(name, value);
    }
  }
  connection.keywords.insert(connection.keywords.end(), login.keywords.begin(),
                             login.keywords.end());
  // What a WAL receiver sets: a passfile has its own word for it in the place of the database.
  connection.keywords.emplace_back("dbname", "replication");
  connection.keywords.emplace_back("replication", "true");
  return connection;
}

Result<SystemIdentity, Failure> identify_system(const ConnectionConfig& connection,
                                                const SessionLimits& limits) {
  auto session = log_in(connection, limits);
  if (!session) return Failed{session.error()};
  PGconn* server = session->get();
  const SteadyTime deadline = after(steady_now(), limits.poll_timeout);
  if (PQsendQuery(server, kStatement.data()) == 0) {
    return Failed{Failure{FailureClass::other, "IDENTIFY_SYSTEM: the connection broke"}};
  }
  while (PQisBusy(server) != 0) {
    if (!wait_for_input(server, deadline)) {
      return Failed{no_answer(kStatement, limits.poll_timeout)};
    }
    if (PQconsumeInput(server) == 0) {
      return Failed{Failure{FailureClass::other, "IDENTIFY_SYSTEM: the connection broke"}};
    }
  }
  const PgResult result{PQgetResult(server)};
  return read_identity(result.get(), connection.password.reveal());
}

}  // namespace pgrepl
