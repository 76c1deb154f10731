// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_gate.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/support/ports.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using Kind = GateRule::Kind;

constexpr int kPatienceMs = 10'000, kSilenceMs = 200;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  return address;
}

/// A server, the gate before it, and one client that has sent its greeting.
class TcpGateTest : public ::testing::Test {
 protected:
  TcpGateTest() {
    const sockaddr_in address = loopback(server_port_);
    EXPECT_EQ(bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener_, 4), 0);
  }
  ~TcpGateTest() override {
    for (const int socket : {listener_, client_, server_})
      if (socket >= 0) close(socket);
  }

  void connect_client() {
    client_ = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(gate_.port());
    ASSERT_EQ(connect(client_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  void greet() {
    connect_client();
    ASSERT_EQ(send(client_, "hello", 5, MSG_NOSIGNAL), 5);
    server_ = accept(listener_, nullptr, nullptr);
    ASSERT_EQ(read(server_, 5), "hello");
  }
  void answer(const std::string& text) {
    ASSERT_EQ(send(server_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  static bool speaks_within(int socket, int limit_ms) {
    pollfd wanted{socket, POLLIN, 0};
    return poll(&wanted, 1, limit_ms) > 0;
  }
  /// Up to `size` bytes; fewer when the peer closes.
  static std::string read(int socket, std::size_t size) {
    std::string text(size, '\0');
    std::size_t got = 0;
    while (got < size && speaks_within(socket, kPatienceMs)) {
      const ssize_t piece = recv(socket, text.data() + got, size - got, 0);
      if (piece <= 0) break;
      got += static_cast<std::size_t>(piece);
    }
    return text.substr(0, got);
  }

  int server_port_ = free_port();
  int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  TcpGate gate_{server_port_};
  int client_ = -1, server_ = -1;
};

TEST_F(TcpGateTest, PassesBothWays) {
  greet();
  answer("world");
  EXPECT_EQ(read(client_, 5), "world");
  EXPECT_EQ(gate_.connections(), 1);
}

TEST_F(TcpGateTest, CountsARoundTripWhereTheClientSpeaksAfterTheServer) {
  greet();
  ASSERT_EQ(send(client_, "again", 5, MSG_NOSIGNAL), 5);
  ASSERT_EQ(read(server_, 5), "again");
  EXPECT_EQ(gate_.round_trips(), 1) << "the server has not answered yet";
  answer("world");
  ASSERT_EQ(read(client_, 5), "world");
  ASSERT_EQ(send(client_, "third", 5, MSG_NOSIGNAL), 5);
  ASSERT_EQ(read(server_, 5), "third");
  EXPECT_EQ(gate_.round_trips(), 2);
}

TEST_F(TcpGateTest, PassesTheServersLastWords) {
  greet();
  answer("bye");
  close(server_);
  server_ = -1;
  EXPECT_EQ(read(client_, 100), "bye");
}

TEST_F(TcpGateTest, NotAcceptingLeavesTheClientConnectedAndSilent) {
  gate_.set({.kind = Kind::not_accept});
  connect_client();
  EXPECT_FALSE(speaks_within(client_, kSilenceMs));
  EXPECT_EQ(gate_.connections(), 0);
}

TEST_F(TcpGateTest, BlackHoleSwallowsUntilItOpens) {
  greet();
  gate_.set({.kind = Kind::black_hole});
  answer("late");
  EXPECT_FALSE(speaks_within(client_, kSilenceMs));
  gate_.set({});
  EXPECT_EQ(read(client_, 4), "late");
}

TEST_F(TcpGateTest, CutClosesAfterItsBytes) {
  gate_.set({.kind = Kind::cut, .bytes = 3});
  greet();
  answer("world");
  EXPECT_EQ(read(client_, 100), "wor");
}

TEST_F(TcpGateTest, HushKeepsTheRestAndTheConnection) {
  gate_.set({.kind = Kind::hush, .bytes = 3});
  greet();
  answer("world");
  EXPECT_EQ(read(client_, 3), "wor");
  EXPECT_FALSE(speaks_within(client_, kSilenceMs));
  gate_.set({});
  EXPECT_EQ(read(client_, 2), "ld");
}

TEST_F(TcpGateTest, DelayAndDripTakeTheirTime) {
  using Clock = std::chrono::steady_clock;
  gate_.set({.kind = Kind::delay, .pause = milliseconds(150)});
  greet();
  auto begin = Clock::now();
  answer("world");
  EXPECT_EQ(read(client_, 5), "world");
  EXPECT_GE(Clock::now() - begin, milliseconds(150));
  gate_.set({.kind = Kind::drip, .pause = milliseconds(40)});
  begin = Clock::now();
  answer("again");
  EXPECT_EQ(read(client_, 5), "again");
  EXPECT_GE(Clock::now() - begin, milliseconds(160));
}

TEST_F(TcpGateTest, ResetIsSeenAsSuch) {
  greet();
  gate_.set({.kind = Kind::reset});
  ASSERT_TRUE(speaks_within(client_, kPatienceMs));
  char byte = 0;
  EXPECT_EQ(recv(client_, &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

}  // namespace
}  // namespace pgrepl::test
