// SPDX-License-Identifier: Apache-2.0
// How a connect fails tells the network's faults apart, on real sockets.
#include "exporter/collect/port_probe.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <stdexcept>

#include "exporter/collect/clock.h"
#include "exporter/collect/unique_fd.h"
#include "tests/support/ports.h"

namespace pgrepl {
namespace {

constexpr Seconds kLimit{1};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// A port that takes connections until its queue is full; then the kernel drops what arrives, as a
/// firewall does.
class Listener {
 public:
  explicit Listener(int backlog) : port_(test::free_port()), listener_(a_socket()) {
    const sockaddr_in address = loopback(port_);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_.get(), backlog) != 0) {
      throw std::runtime_error("cannot listen on the loopback");
    }
  }
  /// Fills the queue.
  void fill() {
    const sockaddr_in address = loopback(port_);
    for (UniqueFd& client : clients_) {
      client = a_socket();
      ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
  }
  int port() const { return port_; }

 private:
  static UniqueFd a_socket() {
    return UniqueFd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  }

  int port_;
  UniqueFd listener_;
  UniqueFd clients_[4];
};

TEST(PortProbe, CallsAPortOpenThatTakesConnections) {
  const Listener listener{8};
  const PortAnswer answer = probe_port({"127.0.0.1"}, listener.port(), kLimit);
  EXPECT_EQ(answer.state, PortState::open);
  EXPECT_EQ(answer.address, "127.0.0.1");
}

TEST(PortProbe, CallsAPortClosedThatRefuses) {
  const PortAnswer answer = probe_port({"127.0.0.1"}, test::free_port(), kLimit);
  EXPECT_EQ(answer.state, PortState::closed);
  EXPECT_EQ(answer.message, "Connection refused");
}

TEST(PortProbe, CallsAPortDroppedThatIsSilentOnAMachineThatLives) {
  Listener listener{0};
  listener.fill();
  EXPECT_EQ(probe_port({"127.0.0.1"}, listener.port(), kLimit).state, PortState::dropped);
}

TEST(PortProbe, CallsAnAddressUnreachableThatNoWayLeadsTo) {
  // A link-local address without its link.
  const PortAnswer answer = probe_port({"fe80::1"}, 5432, kLimit);
  EXPECT_EQ(answer.state, PortState::unreachable);
  EXPECT_FALSE(answer.message.empty());
}

TEST(PortProbe, TakesTheFirstAddressThatIsOpen) {
  const Listener listener{8};
  EXPECT_EQ(probe_port({"fe80::1", "127.0.0.1"}, listener.port(), kLimit).address, "127.0.0.1");
  EXPECT_EQ(probe_port({"fe80::1", "127.0.0.1"}, test::free_port(), kLimit).address, "fe80::1");
  EXPECT_EQ(probe_port({}, 5432, kLimit).state, PortState::not_tried);
}

TEST(HostLookup, GivesAddressesOrAFailureInTime) {
  const auto found = look_up_host("localhost", kLimit);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, testing::Contains("127.0.0.1"));
  const SteadyTime began = steady_now();
  const auto missing = look_up_host("no-such-host.invalid", kLimit);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, FailureClass::dns);
  EXPECT_LT(elapsed(began, steady_now()), Seconds{5});
}

}  // namespace
}  // namespace pgrepl
