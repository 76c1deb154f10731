// SPDX-License-Identifier: Apache-2.0
// A poller that is stuck in the middle of its work, seen by those who read its pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>

#include "exporter/app/poll_desk.h"
#include "exporter/collect/clock.h"
#include "exporter/publish/http_server.h"
#include "exporter/publish/routes.h"
#include "tests/support/ports.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/wait_until.h"

namespace pgrepl {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kPatience{30};

void ignore(std::string_view /*said*/) {}

/// Two nodes that refuse: quick to poll, and both are facts on the page.
Config configuration() {
  Config config;
  config.exporter.poll_interval = config.exporter.poll_interval_alert = Seconds{0.2};
  config.exporter.poll_timeout = Seconds{1};
  ClusterConfig cluster{.name = "wallix"};
  cluster.policy.name = cluster.name;
  cluster.policy.poll_interval = config.exporter.poll_interval;
  for (const char* name : {"a1", "a2"}) {
    NodeConfig node{.name = name};
    node.connection.keywords = {
        {"host", "127.0.0.1"}, {"port", std::to_string(test::free_port())}, {"user", "mon"}};
    cluster.nodes.push_back(node);
    cluster.policy.nodes.push_back({.name = name});
  }
  config.clusters = {cluster};
  return config;
}

/// The daemon's chain, with a gate between poller and desk.
class StuckPoller : public ::testing::Test {
 protected:
  StuckPoller() { desk_.configure(config_, read_clocks()); }
  ~StuckPoller() override {
    if (!release_.try_wait()) release_.count_down();  // or else a failed test would never end
  }

  Pace take(ClusterPoll poll) {
    if (stick_.exchange(false)) {
      stuck_ = true;
      release_.wait();
      stuck_ = false;
    }
    return desk_.take(std::move(poll));
  }

  /// The page answers however stuck the poller is, so a test waits for what is on it.
  bool page_shows(const std::string& metric) const {
    return page().find("\n" + metric + "{") != std::string::npos;
  }
  std::string page() const { return test::raw_get(server_.ports().front(), "/metrics").body; }

  const Config config_ = configuration();
  std::atomic<bool> stick_ = false, stuck_ = false;
  std::latch release_{1};
  ReportBoard board_;
  MemoryKeeper keeper_{"", ignore};
  MemoryWriter writer_{[](const std::string&, const std::string&) {}};
  PollDesk desk_{board_, keeper_, writer_};
  HttpServer server_ =
      HttpServer::start({.listen_addresses = {"127.0.0.1:0"}, .threads = 4, .log = {}},
                        make_routes(board_, read_clocks, "/metrics"))
          .value();
  Poller poller_{config_.exporter, config_.clusters, nullptr,
                 [this](ClusterPoll poll) { return take(std::move(poll)); }};
  std::jthread thread_{[this](const std::stop_token& stop) { poller_.run(stop); }};
};

TEST_F(StuckPoller, TurnsThePageStaleAndIsToldByTheCheck) {
  ASSERT_TRUE(test::wait_until([this] { return page_shows("pgrepl_node_up"); }, kPatience))
      << page();
  EXPECT_EQ(test::raw_get(server_.ports().front(), "/check").header("x-pgrepl-fresh"), "1");

  stick_ = true;
  ASSERT_TRUE(test::wait_until([this] { return stuck_.load(); }, kPatience));
  EXPECT_TRUE(test::wait_until([this] { return !page_shows("pgrepl_node_up"); }, kPatience));

  EXPECT_THAT(page(), HasSubstr("node=\"a1\",check=\"node_up\",object=\"\"} 3\n"));
  const test::RawReply health = test::raw_get(server_.ports().front(), "/check");
  EXPECT_EQ(health.header("x-pgrepl-fresh"), "0");
  EXPECT_EQ(health.header("x-pgrepl-state"), "2") << health.body;

  release_.count_down();
  EXPECT_TRUE(test::wait_until([this] { return page_shows("pgrepl_node_up"); }, kPatience));
}

}  // namespace
}  // namespace pgrepl
