// SPDX-License-Identifier: Apache-2.0
// How a session treats its connection from poll to poll, against a server that speaks the protocol.
#include "exporter/collect/postgres/session.h"

#include <gtest/gtest.h>

#include <string>

#include "exporter/collect/poller.h"
#include "tests/unit/collect/fake_server.h"

namespace pgrepl::test {
namespace {

using std::string_literals::operator""s;

ClusterConfig cluster_at(const FakeServer& server) {
  NodeConfig node{.name = "a"};
  node.connection.keywords = {{"host", "127.0.0.1"},
                              {"port", std::to_string(server.port())},
                              {"user", "mon"},
                              {"dbname", "postgres"},
                              {"sslmode", "disable"}};
  return {.name = "c", .nodes = {node}};
}

/// A server that lets a client in and answers each statement to be prepared with an error.
FakeServer::Answers unprepared_with(const std::string& sqlstate) {
  const std::string fields = "SERROR\0VERROR\0"s + "C" + sqlstate + "\0Mno\0\0"s;
  return {{'P', protocol_message('E', fields)}, {'S', protocol_message('Z', "I")}};
}

/// The connections that these polls took, one after another.
std::uint64_t connects_of(const FakeServer& server, std::uint64_t polls, FailureClass expected) {
  ExporterConfig exporter;
  exporter.poll_interval = exporter.poll_interval_alert = Seconds{0.1};
  std::stop_source stop;
  std::uint64_t connects = 0;
  Poller poller(exporter, {cluster_at(server)}, nullptr, [&](const ClusterPoll& poll) {
    const NodeSnapshot& node = poll.snapshot.nodes.at(0).postgres;
    EXPECT_EQ(node.up() ? "up" : to_string(node.state.error().reason), to_string(expected));
    connects = poll.stats.at(0).connects;
    if (poll.stats.at(0).polls == polls) stop.request_stop();
    return Pace::calm;
  });
  poller.run(stop.get_token());
  return connects;
}

TEST(Session, StatementLeftUnpreparedByALockIsTriedOnANewConnection) {
  const FakeServer server(protocol_welcome(), unprepared_with("55P03"));
  EXPECT_EQ(connects_of(server, 3, FailureClass::timeout), 3U);
}

TEST(Session, StatementLeftUnpreparedForGoodKeepsTheConnection) {
  const FakeServer forbidding(protocol_welcome(), unprepared_with("42501"));
  EXPECT_EQ(connects_of(forbidding, 3, FailureClass::permission), 1U);
  const FakeServer lacking(protocol_welcome(), unprepared_with("42P01"));
  EXPECT_EQ(connects_of(lacking, 3, FailureClass::query_failed), 1U);
}

TEST(Session, ServerOlderThanTheOldestThatIsKnownIsRefusedWithTheReason) {
  for (const char* version : {"12.22", "12.22 (Debian 12.22-1)", "9.6.24"}) {
    const FakeServer server(protocol_welcome(version));
    const ClusterSnapshot snapshot =
        poll_cluster_once(ExporterConfig{}, cluster_at(server), nullptr);
    const NodeSnapshot& node = snapshot.nodes.at(0).postgres;
    ASSERT_FALSE(node.up()) << version;
    EXPECT_EQ(node.state.error(),
              (Failure{FailureClass::other, "connect: the server is older than PostgreSQL 13"}));
  }
}

TEST(Session, OldestServerThatIsKnownIsAsked) {
  const FakeServer server(protocol_welcome("13.0"), unprepared_with("42501"));
  const ClusterSnapshot snapshot = poll_cluster_once(ExporterConfig{}, cluster_at(server), nullptr);
  ASSERT_FALSE(snapshot.nodes.at(0).postgres.up());
  EXPECT_EQ(snapshot.nodes.at(0).postgres.state.error().reason, FailureClass::permission);
}

}  // namespace
}  // namespace pgrepl::test
