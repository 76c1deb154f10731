// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/pipeline.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <string>

#include "exporter/collect/clock.h"
#include "tests/unit/collect/fake_server.h"

namespace pgrepl::test {
namespace {

using std::string_literals::operator""s;

constexpr std::size_t kRowBytes = 20'000;

/// A server that answers each statement with one column of one row.
FakeServer::Answers one_row() {
  const std::string column = "\0\1v\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0"s;
  const std::string size = {0, 0, static_cast<char>(kRowBytes >> 8), static_cast<char>(kRowBytes)};
  const std::string row = "\0\1"s + size + std::string(kRowBytes, 'x');
  return {{'B', protocol_message('2', "")},
          {'D', protocol_message('T', column)},
          {'E', protocol_message('D', row) + protocol_message('C', "SELECT 1\0"s)},
          {'S', protocol_message('Z', "I")}};
}

PgConn connect_to(const FakeServer& server) {
  const std::string conninfo =
      "host=127.0.0.1 user=mon dbname=postgres sslmode=disable "
      "gssencmode=disable connect_timeout=10 port=" +
      std::to_string(server.port());
  return PgConn(PQconnectdb(conninfo.c_str()));
}

/// Asks once and waits for the answer: how many rows came.  Negative: the connection broke.
int ask(PGconn* connection, Pipeline& pipeline) {
  int rows = 0;
  const auto count = [&rows](std::size_t, const PGresult& answer) { rows += PQntuples(&answer); };
  if (!pipeline.execute(0, "s") || !pipeline.sync() || !pipeline.flush()) return -1;
  const SteadyTime limit = after(steady_now(), Seconds{10});
  while (!pipeline.idle() && steady_now() < limit) {
    pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
    ::poll(&socket, 1, 100);
    if (!pipeline.receive(count)) return -1;
  }
  return rows;
}

TEST(Pipeline, LimitOfBytesCountsOnePollAndNotTheLifeOfTheConnection) {
  const FakeServer server(protocol_welcome(), one_row());
  const PgConn connection = connect_to(server);
  Pipeline pipeline(connection.get(), /*most_bytes=*/2 * kRowBytes);
  for (int poll = 0; poll < 10; ++poll) {
    ASSERT_EQ(ask(connection.get(), pipeline), 1) << "poll " << poll;
  }
}

TEST(Pipeline, AnswerBeyondTheLimitBreaksTheConnection) {
  const FakeServer server(protocol_welcome(), one_row());
  const PgConn connection = connect_to(server);
  Pipeline pipeline(connection.get(), /*most_bytes=*/kRowBytes / 2);
  EXPECT_EQ(ask(connection.get(), pipeline), -1);
}

}  // namespace
}  // namespace pgrepl::test
