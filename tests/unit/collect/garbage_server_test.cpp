// SPDX-License-Identifier: Apache-2.0
// Something else than PostgreSQL on the port: a class by the deadline, and descriptors stay flat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "exporter/collect/poller.h"
#include "tests/unit/collect/fake_server.h"

namespace pgrepl::test {
namespace {

using std::string_literals::operator""s;

ExporterConfig short_patience() {
  ExporterConfig exporter;
  exporter.poll_timeout = exporter.connect_timeout = Seconds{0.2};
  return exporter;
}

ClusterConfig cluster_at(int port) {
  NodeConfig node{.name = "a"};
  node.connection.keywords = {{"host", "127.0.0.1"},
                              {"port", std::to_string(port)},
                              {"user", "mon"},
                              {"dbname", "postgres"},
                              {"sslmode", "disable"}};
  return {.name = "c", .nodes = {node}};
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

Failure poll(const FakeServer& server) {
  const ClusterSnapshot snapshot =
      poll_cluster_once(short_patience(), cluster_at(server.port()), nullptr);
  const NodeSnapshot& node = snapshot.nodes.at(0).postgres;
  EXPECT_FALSE(node.up());
  EXPECT_LT(node.poll_duration.count(), 0.7);
  return node.up() ? Failure{} : node.state.error();
}

const std::string kWelcome = protocol_welcome();

TEST(GarbageServer, WebServerIsNoPostgres) {
  const FakeServer server("HTTP/1.1 400 Bad Request\r\n\r\n");
  const Failure failure = poll(server);
  EXPECT_EQ(failure.reason, FailureClass::other);
  EXPECT_THAT(failure.message, testing::HasSubstr("expected authentication request"));
}

TEST(GarbageServer, SilenceIsATimeout) {
  const FakeServer server("");
  const Failure failure = poll(server);
  EXPECT_EQ(failure.reason, FailureClass::timeout);
  EXPECT_EQ(failure.message, "connect: no answer within 200 ms");
}

TEST(GarbageServer, HalfAMessageIsATimeout) {
  const FakeServer server("R\0\0"s);
  EXPECT_EQ(poll(server).reason, FailureClass::timeout);
}

TEST(GarbageServer, WelcomeWithoutAnswersIsATimeout) {
  const FakeServer server(kWelcome);
  EXPECT_EQ(poll(server).reason, FailureClass::timeout);
}

TEST(GarbageServer, NonsenseAfterTheWelcomeIsAFailure) {
  const FakeServer server(kWelcome + std::string(5000, 'x'));
  EXPECT_NE(poll(server).reason, FailureClass::query_failed);
}

TEST(GarbageServer, HugeMessageThatNeverComesIsATimeoutWithoutTheMemory) {
  const FakeServer server(kWelcome + "D\x3f\xff\xff\xff"s);
  EXPECT_NE(poll(server).reason, FailureClass::query_failed);
}

TEST(GarbageServer, LeavesNoDescriptorBehind) {
  for (const std::string& greeting : {"HTTP/1.1 400\r\n"s, ""s, kWelcome, kWelcome + "EEEE"s}) {
    const FakeServer server(greeting);
    poll(server);
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 5; ++i) poll(server);
    EXPECT_LE(open_descriptors(), before + 1);  // the fake server may not have noticed the last one
  }
}

}  // namespace
}  // namespace pgrepl::test
