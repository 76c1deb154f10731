// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checks/catalogue/catalogue.h"
#include "exporter/publish/report_board.h"

namespace pgrepl {

/// When the reports of these tests were taken; they are believed for 15 s.
inline constexpr Instant kTaken{SteadyTime{std::chrono::hours{100}},
                                WallTime{std::chrono::seconds{1'800'000'000}}};

/// So many seconds after that.
Instant later(double seconds);

/// A small catalogue of the tests' own: verdicts, last poll, lag of the standby, and a counter of
/// the exporter.
std::span<const FactRow> test_rows();

/// The pair of `cluster`: a1 is the primary, a2 the standby with 1.5 s of lag.
std::shared_ptr<ClusterReport> a_report(const std::string& cluster,
                                        std::vector<CheckResult> results);

/// A healthy pair: node_up is OK on both.
std::shared_ptr<ClusterReport> a_healthy_report(const std::string& cluster);

CheckResult node_up(const std::string& node, State state, const std::string& summary = "answers");

/// Puts a board up with these clusters, none of them polled.
std::unique_ptr<ReportBoard> a_board(const std::vector<std::string>& clusters);

}  // namespace pgrepl
