// SPDX-License-Identifier: Apache-2.0
// A server, or something in its place, that hangs, drops or talks nonsense: that node is
// unreachable with a class, the other node's facts stay, and the exporter neither grows nor falls.
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

#include "tests/cluster/watch.h"
#include "tests/support/ports.h"
#include "tests/support/tcp_gate.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using Kind = GateRule::Kind;

/// A pair whose standby is watched through a gate.
struct GatedStandby {
  PostgresPair pair;
  TcpGate gate{pair.standby().port()};
  Watch watch{pair, {.standby_port = gate.port()}};

  ::testing::AssertionResult fails_with(const char* reason) {
    return watch.becomes("pgrepl_node_failure", with(kStandby, "reason", reason), 1);
  }
  ::testing::AssertionResult recovers() {
    gate.set({});
    return watch.all_green();
  }
  std::ptrdiff_t descriptors() {
    const auto directory = "/proc/" + std::to_string(watch.exporter().pid()) + "/fd";
    return std::distance(std::filesystem::directory_iterator(directory), {});
  }
};

TEST(BadServer, ThatSwallowsEverythingTimesOut) {
  GatedStandby standby;
  ASSERT_TRUE(standby.watch.all_green());
  standby.gate.set({.kind = Kind::black_hole});
  EXPECT_TRUE(standby.fails_with("timeout"));
  EXPECT_EQ(standby.watch.value("pgrepl_node_up", kPrimary), 1);
  EXPECT_TRUE(standby.recovers());
}

TEST(BadServer, ThatDoesNotAcceptTimesOut) {
  GatedStandby standby;
  ASSERT_TRUE(standby.watch.all_green());
  standby.gate.set({.kind = Kind::reset});
  EXPECT_TRUE(standby.watch.becomes("pgrepl_node_up", kStandby, 0));
  standby.gate.set({.kind = Kind::not_accept});
  EXPECT_TRUE(standby.fails_with("timeout"));
  EXPECT_TRUE(standby.recovers());
}

TEST(BadServer, ThatAnswersByteByByteTimesOut) {
  GatedStandby standby;
  ASSERT_TRUE(standby.watch.all_green());
  standby.gate.set({.kind = Kind::drip, .pause = milliseconds(50)});
  EXPECT_TRUE(standby.fails_with("timeout"));
  EXPECT_TRUE(standby.recovers());
}

TEST(BadServer, ThatIsSlowWithinTheTimeoutIsFine) {
  GatedStandby standby;
  ASSERT_TRUE(standby.watch.all_green());
  standby.gate.set({.kind = Kind::delay, .pause = milliseconds(100)});
  EXPECT_TRUE(standby.watch.exceeds("pgrepl_node_poll_duration_seconds", kStandby, 0.1));
  EXPECT_EQ(standby.watch.value("pgrepl_node_up", kStandby), 1);
}

TEST(BadServer, ThatDropsAnywhereInItsReplyLeavesNothingBehind) {
  GatedStandby standby;
  ASSERT_TRUE(standby.watch.all_green());
  const std::ptrdiff_t before = standby.descriptors();
  for (const std::size_t bytes : {1U, 5U, 9U, 60U, 300U, 700U, 1500U}) {
    standby.gate.set({.kind = Kind::cut, .bytes = bytes});
    EXPECT_TRUE(standby.watch.becomes("pgrepl_node_up", kStandby, 0)) << bytes;
    EXPECT_EQ(standby.watch.value("pgrepl_node_up", kPrimary), 1) << bytes;
    EXPECT_TRUE(standby.recovers()) << bytes;
  }
  EXPECT_LE(standby.descriptors(), before + 1);
}

TEST(BadServer, ThatIsNotPostgreSQLHasAClass) {
  PostgresPair pair;
  ExporterProcess web_server(
      {.config = "[[cluster]]\nname = \"x\"\n[[cluster.node]]\nname = \"x\"\n"
                 "conninfo = \"host=127.0.0.1 port=" +
                 std::to_string(free_port()) + " user=x\"\n"});
  Watch watch(pair, {.standby_port = web_server.port()});
  EXPECT_TRUE(watch.becomes("pgrepl_node_up", kStandby, 0));
  double classes = 0;
  for (const Series& one : watch.exporter().metrics().series("pgrepl_node_failure", kStandby))
    classes += one.value;
  EXPECT_EQ(classes, 1);
  EXPECT_EQ(watch.value("pgrepl_node_up", kPrimary), 1);
}

}  // namespace
}  // namespace pgrepl::test
