// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/nagios/answer_from.h"

namespace pgrepl {

/// A small catalogue of the tests' own: role (no measure), lag (one), archive (two), slot (bad
/// below).
std::span<const CheckRow> test_checks();

/// When the reports of these tests were taken.
inline constexpr SteadyTime kTaken{std::chrono::hours{100}};

/// The pair of `cluster`: a1 is the primary, a2 the standby.  Polled every 5 s, so believed for 15
/// s.
ClusterReport a_report(const std::string& cluster, std::vector<CheckResult> results = {});

CheckResult role_result(State state, const std::string& summary = "one primary");
CheckResult lag_result(const std::string& node, double seconds);
CheckResult archive_result(State state, double backlog);
CheckResult slot_result(const std::string& object, State state);

/// A world of reports to ask; clusters without a report may be configured too.
class AskedWorld {
 public:
  explicit AskedWorld(std::vector<ClusterReport> reports) : reports_(std::move(reports)) {
    for (const ClusterReport& report : reports_) configured_.push_back(report.snapshot.cluster);
  }
  AskedWorld& configured_too(const std::string& cluster) {
    configured_.push_back(cluster);
    return *this;
  }
  /// Seconds since the reports were taken.
  AskedWorld& at_age(double seconds) {
    now_ = after(kTaken, Seconds{seconds});
    return *this;
  }
  /// The answer, after the strict reader has found no fault with it.
  PluginOutput ask(const CheckQuery& query) const;

 private:
  std::vector<ClusterReport> reports_;
  std::vector<std::string> configured_;
  SteadyTime now_ = after(kTaken, Seconds{1});
};

/// The first line up to the perfdata.
std::string sentence_of(const PluginOutput& output);

/// Everything below the first line.
std::string long_output_of(const PluginOutput& output);

}  // namespace pgrepl
