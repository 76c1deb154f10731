// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/publish/prometheus_text.h"
#include "tests/support/page_judge.h"
#include "tests/unit/publish/published_world.h"

namespace pgrepl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A board behind routes, and a clock that stands where the test puts it.
class Routes : public ::testing::Test {
 protected:
  Routes()
      : board_(a_board({"wallix"})),
        handler_(make_routes(
            *board_, [this] { return now_; }, "/metrics")) {}

  void poll(const std::shared_ptr<const ClusterReport>& report) {
    board_->publish(render_cluster(report));
  }

  HttpResponse get(const std::string& path,
                   std::vector<std::pair<std::string, std::string>> query = {}) const {
    return handler_({.method = "GET", .path = path, .query = std::move(query)});
  }

  static std::string header(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  std::unique_ptr<ReportBoard> board_;
  Instant now_ = later(1);
  HttpHandler handler_;
};

TEST_F(Routes, ServeThePageForPrometheus) {
  poll(a_healthy_report("wallix"));

  const HttpResponse response = get("/metrics");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_FALSE(response.gzip);
  EXPECT_THAT(test::judge_page(*response.body), IsEmpty());
  EXPECT_THAT(*response.body, HasSubstr("pgrepl_node_up{cluster=\"wallix\",node=\"a1\"} 1\n"));
}

TEST_F(Routes, CompressThePageForWhoTakesIt) {
  const HttpResponse response =
      handler_({.method = "GET", .path = "/metrics", .query = {}, .accepts_gzip = true});

  EXPECT_TRUE(response.gzip);
  EXPECT_TRUE(response.body->starts_with("\x1f\x8b"));
  EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
}

TEST_F(Routes, PutThePageWhereTheConfigurationWantsIt) {
  const HttpHandler handler = make_routes(
      *board_, [this] { return now_; }, "/telemetry");

  EXPECT_EQ(handler({.method = "GET", .path = "/telemetry", .query = {}}).status, 200);
  EXPECT_EQ(handler({.method = "GET", .path = "/metrics", .query = {}}).status, 404);
}

TEST_F(Routes, ServeTheRunbookBeforeTheFirstPoll) {
  const HttpResponse response = get("/runbook");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(*response.body, HasSubstr("id=\"replay-lag\""));
}

TEST_F(Routes, TurnThePageStaleByTheClockAlone) {
  poll(a_healthy_report("wallix"));
  now_ = later(15);
  EXPECT_THAT(*get("/metrics").body, HasSubstr("pgrepl_node_up"));

  now_ = later(16);

  EXPECT_THAT(*get("/metrics").body, Not(HasSubstr("pgrepl_node_up")));
}

TEST_F(Routes, AnswerAMonitoringCore) {
  poll(a_healthy_report("wallix"));

  const HttpResponse response = get("/check", {{"check", "node_up"}, {"cluster", "wallix"}});

  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(*response.body, HasSubstr("PGREPL OK"));
  EXPECT_EQ(header(response, "X-Pgrepl-State"), "0");
  EXPECT_EQ(header(response, "X-Pgrepl-Fresh"), "1");
  EXPECT_EQ(header(response, "Cache-Control"), "no-store");
}

TEST_F(Routes, AskForHealthWhenNoCheckIsNamed) {
  poll(a_report("wallix", {node_up("a1", State::critical, "a1 does not answer: timeout")}));

  const HttpResponse response = get("/check");

  EXPECT_EQ(header(response, "X-Pgrepl-State"), "2");
  EXPECT_THAT(*response.body, HasSubstr("a1 does not answer: timeout"));
}

TEST_F(Routes, NeverCallAStaleReportFine) {
  poll(a_healthy_report("wallix"));
  now_ = later(100);

  const HttpResponse response = get("/check", {{"check", "node_up"}});

  EXPECT_EQ(header(response, "X-Pgrepl-State"), "3");
  EXPECT_EQ(header(response, "X-Pgrepl-Fresh"), "0");
}

TEST_F(Routes, SayOfACheckThatDoesNotExistWhichDo) {
  poll(a_healthy_report("wallix"));

  const HttpResponse check = get("/check", {{"check", "node_upp"}});
  EXPECT_EQ(check.status, 404);
  EXPECT_THAT(*check.body, HasSubstr("node_up"));
  EXPECT_EQ(header(check, "X-Pgrepl-State"), "3");
  const HttpResponse cluster = get("/check", {{"cluster", "nowhere"}});
  EXPECT_EQ(cluster.status, 404);
  EXPECT_THAT(*cluster.body, HasSubstr("wallix"));
}

TEST_F(Routes, RefuseParametersThatCannotBe) {
  EXPECT_EQ(get("/check", {{"warn", "10"}}).status, 400);
  EXPECT_EQ(*get("/check", {{"warn", "10"}}).body,
            "unknown parameter 'warn'; known: check, cluster, node, warning, critical, verbose\n");
  EXPECT_EQ(get("/check", {{"verbose", "much"}}).status, 400);
  EXPECT_EQ(*get("/check", {{"verbose", "4"}}).body, "verbose='4' is not a number from 0 to 3\n");
}

TEST_F(Routes, PassRepeatedThresholdsOn) {
  auto report = a_report("wallix", {node_up("a2", State::ok)});
  CheckResult& result = report->results.front();
  result.check = "replay_lag";
  result.measures = {{.id = "lag", .unit = Unit::seconds, .value = 3.0}};
  poll(report);
  const auto state = [&](const std::string& second) {
    return header(
        get("/check", {{"check", "replay_lag"}, {"warning", "lag=10"}, {"critical", second}}),
        "X-Pgrepl-State");
  };

  EXPECT_EQ(state("20"), "0");
  EXPECT_EQ(state("2"), "2");
  EXPECT_EQ(state("twenty"), "3");
}

TEST_F(Routes, AreHealthyFromTheBeginningAndReadyAfterTheFirstPoll) {
  EXPECT_EQ(get("/-/healthy").status, 200);
  EXPECT_EQ(get("/-/ready").status, 503);
  EXPECT_EQ(*get("/-/ready").body, "no poll yet of: wallix\n");
  EXPECT_EQ(header(get("/check"), "X-Pgrepl-State"), "3");

  poll(a_healthy_report("wallix"));

  EXPECT_EQ(get("/-/ready").status, 200);
}

TEST_F(Routes, NameThePathsThatThereAre) {
  const HttpResponse response = get("/metric");

  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(*response.body,
            "there is nothing at /metric; known paths: /metrics, /check, /, /runbook, /-/healthy, "
            "/-/ready\n");
}

TEST_F(Routes, AnswerHeadLikeGetAndRefusePost) {
  EXPECT_EQ(handler_({.method = "HEAD", .path = "/metrics", .query = {}}).status, 200);
  const HttpResponse post = handler_({.method = "POST", .path = "/check", .query = {}});
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(header(post, "Allow"), "GET, HEAD");
}

}  // namespace
}  // namespace pgrepl
