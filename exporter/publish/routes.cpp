// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/routes.h"

#include <memory>
#include <utility>
#include <vector>

#include "checks/base/text.h"
#include "checks/nagios/check_query.h"
#include "exporter/publish/check_request.h"
#include "exporter/publish/metrics_page.h"
#include "exporter/publish/runbook_page.h"
#include "exporter/publish/status_page.h"

namespace pgrepl {
namespace {

constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

HttpResponse text_response(int status, std::string text) {
  return {.status = status,
          .body = std::make_shared<const std::string>(std::move(text)),
          .headers = {{"Cache-Control", "no-store"}}};
}

std::vector<std::string> names_of(const Board& board) {
  std::vector<std::string> names;
  for (const auto& cluster : board.clusters) names.push_back(cluster->name);
  return names;
}

std::vector<const ClusterReport*> reports_of(const Board& board) {
  std::vector<const ClusterReport*> reports;
  for (const auto& cluster : board.clusters) {
    if (cluster->report != nullptr) reports.push_back(cluster->report.get());
  }
  return reports;
}

class Routes {
 public:
  Routes(const ReportBoard& board, Clock clock, std::string telemetry_path)
      : board_(board),
        clock_(std::move(clock)),
        routes_{{std::move(telemetry_path), &Routes::metrics},
                {"/check", &Routes::check},
                {"/", &Routes::status},
                {"/runbook", &Routes::runbook},
                {"/-/healthy", &Routes::healthy},
                {"/-/ready", &Routes::ready}} {}

  HttpResponse answer(const HttpRequest& request) {
    for (const Route& route : routes_) {
      if (route.path == request.path) return answer_on(route, request);
    }
    return not_found(request);
  }

 private:
  struct Route {
    std::string path;
    HttpResponse (Routes::*answer)(const HttpRequest&);
  };

  HttpResponse answer_on(const Route& route, const HttpRequest& request) {
    if (request.method != "POST") return (this->*route.answer)(request);
    HttpResponse response = text_response(405, "only GET and HEAD are answered here\n");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }

  HttpResponse metrics(const HttpRequest& request) {
    const SteadyTime now = clock_().steady;
    const bool gzip = request.accepts_gzip;
    return {.content_type = std::string(kMetricsType),
            .body = gzip ? page_.gzipped(board_.read(), now) : page_.plain(board_.read(), now),
            .gzip = gzip,
            .headers = {{"Vary", "Accept-Encoding"}}};
  }

  HttpResponse check(const HttpRequest& request) {
    const auto query = read_check_query(request);
    if (!query) return text_response(400, query.error() + "\n");
    const auto board = board_.read();
    const PluginOutput output =
        pgrepl::answer(*query, reports_of(*board), names_of(*board), clock_().steady);
    HttpResponse response = text_response(output.not_found ? 404 : 200, output.text);
    response.headers.emplace_back("X-Pgrepl-State", std::to_string(static_cast<int>(output.state)));
    response.headers.emplace_back("X-Pgrepl-Fresh", output.fresh ? "1" : "0");
    return response;
  }

  HttpResponse status(const HttpRequest&) {
    HttpResponse response =
        text_response(200, status_page(*board_.read(), clock_(), routes_.front().path));
    response.content_type = "text/html; charset=utf-8";
    return response;
  }

  HttpResponse runbook(const HttpRequest&) {
    return {.content_type = "text/html; charset=utf-8", .body = runbook_};
  }

  HttpResponse healthy(const HttpRequest&) { return text_response(200, "healthy\n"); }

  HttpResponse ready(const HttpRequest&) {
    const auto board = board_.read();  // in the loop's head it would be gone before the first round
    std::vector<std::string> waiting;
    for (const auto& cluster : board->clusters) {
      if (cluster->report == nullptr) waiting.push_back(cluster->name);
    }
    if (waiting.empty()) return text_response(200, "ready\n");
    return text_response(503, "no poll yet of: " + join(waiting, ", ") + "\n");
  }

  HttpResponse not_found(const HttpRequest& request) {
    std::vector<std::string> known;
    for (const Route& route : routes_) known.push_back(route.path);
    return text_response(404, "there is nothing at " + one_line(request.path, 100) +
                                  "; known paths: " + join(known, ", ") + "\n");
  }

  const ReportBoard& board_;
  const Clock clock_;
  MetricsPage page_;
  /// The catalogue does not change while we run.
  const std::shared_ptr<const std::string> runbook_ =
      std::make_shared<const std::string>(runbook_page(checks()));
  const std::vector<Route> routes_;
};

}  // namespace

HttpHandler make_routes(const ReportBoard& board, Clock clock, std::string telemetry_path) {
  const auto routes = std::make_shared<Routes>(board, std::move(clock), std::move(telemetry_path));
  return [routes](const HttpRequest& request) { return routes->answer(request); };
}

}  // namespace pgrepl
