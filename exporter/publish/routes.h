// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "checks/base/time.h"
#include "exporter/publish/http.h"
#include "exporter/publish/report_board.h"

namespace pgrepl {

/// Tells the time; called on many threads at once.
using Clock = std::function<Instant()>;

/// What is served where:
///   /metrics     (or `telemetry_path`) the page for Prometheus, gzip if the client takes it
///   /check       a verdict as a Nagios plugin prints it, with X-Pgrepl-State: 0 to 3, the plugin's
///                exit code, and X-Pgrepl-Fresh: 1 or 0; 404 for a check, cluster or node that
///                does not exist
///   /            the status page for people
///   /runbook     what each check judges, what its causes mean and what to type
///   /-/healthy   200 while the process serves
///   /-/ready     503 until every cluster has been polled once
/// Everything else is 404 with this list.  Answers come from the board alone, and the clock decides
/// whether they are still to be believed.  `board` must outlive the handler.
HttpHandler make_routes(const ReportBoard& board, Clock clock, std::string telemetry_path);

}  // namespace pgrepl
