// SPDX-License-Identifier: Apache-2.0
// How a connect fails tells the network's faults apart, on real sockets.
#include "exporter/collect/port_probe.h"

#include <gmock/gmock.h>

#include "exporter/collect/clock.h"
#include "tests/support/listener.h"
#include "tests/support/ports.h"

namespace pgrepl {
namespace {

constexpr Seconds kLimit{1};

using test::Listener;

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
