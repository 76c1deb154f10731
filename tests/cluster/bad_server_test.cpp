// SPDX-License-Identifier: Apache-2.0
// A server, or something in its place, that hangs, drops or talks nonsense: that node is
// unreachable with a class, the other node's facts stay, and the exporter neither grows nor falls.
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <thread>

#include "tests/cluster/watch.h"
#include "tests/support/flat_memory.h"
#include "tests/support/ports.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

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

/// Clusters of one node each, whose servers break off in a login or in an answer, take too long, or
/// talk nonsense.  There are many and they are polled often, so that failures come fast.
class BadServers {
 public:
  BadServers() {
    in_login_.set({.kind = Kind::cut, .bytes = 60});
    in_answer_.set({.kind = Kind::cut, .bytes = 1500});
    too_long_.set({.kind = Kind::drip, .pause = milliseconds(20)});
  }
  pid_t pid() const { return exporter_.pid(); }
  /// Returns when so many more polls have failed, of all nodes together.
  ::testing::AssertionResult fail(int polls) {
    const double enough = failures() + polls;
    const auto have_failed = [&] {
      std::this_thread::sleep_for(milliseconds(200));  // else reading pages is most of the work
      return failures() >= enough;
    };
    if (wait_until(have_failed, std::chrono::seconds(180))) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << failures() << " failures instead of " << enough;
  }

 private:
  static std::string clusters(const std::string& name, int port) {
    std::string text;
    for (const char* number : {"1", "2", "3", "4", "5"}) {
      const std::string quoted = '"' + name + number + '"';
      text += "[[cluster]]\nname = " + quoted + "\n[[cluster.node]]\nname = " + quoted +
              "\nconninfo = \"host=127.0.0.1 port=" + std::to_string(port) +
              " user=" + kMonitorRole + " dbname=postgres sslmode=disable\"\n" +
              "password_env = \"MONITOR_PASSWORD\"\n";
    }
    return text;
  }
  static ExporterStart start_with(const std::string& config) {
    return {.config = "[exporter]\npoll_interval = \"0.2s\"\n" + config,
            .environment = {{"MONITOR_PASSWORD", kMonitorPassword}}};
  }
  double failures() const {
    double sum = 0;
    for (const Series& one : exporter_.metrics().series("pgrepl_poll_errors_total"))
      sum += one.value;
    return sum;
  }

  PostgresPair pair_;
  TcpGate in_login_{pair_.primary().port()};
  TcpGate in_answer_{pair_.primary().port()};
  TcpGate too_long_{pair_.standby().port()};
  ExporterProcess web_server_{start_with(clusters("nothing", free_port()))};
  ExporterProcess exporter_{
      start_with(clusters("login", in_login_.port()) + clusters("answer", in_answer_.port()) +
                 clusters("long", too_long_.port()) + clusters("web", web_server_.port()))};
};

TEST(BadServer, LeavesTheMemoryFlatWhateverItDoes) {
  BadServers servers;
  ASSERT_TRUE(servers.fail(kWarmingFailures));
  const std::int64_t before = resident_bytes(servers.pid());
  ASSERT_TRUE(servers.fail(kFlatFailures));
  EXPECT_LE(resident_bytes(servers.pid()) - before, kMayGrow);
}

}  // namespace
}  // namespace pgrepl::test
