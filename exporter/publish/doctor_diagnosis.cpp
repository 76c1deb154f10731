// SPDX-License-Identifier: Apache-2.0
// What the tests point to.
#include <algorithm>

#include "checks/catalogue/connection_causes.h"
#include "checks/catalogue/dependence.h"
#include "checks/judge/remedy.h"
#include "exporter/publish/doctor_tests.h"

namespace pgrepl {
namespace {

std::size_t index_of(const ClusterReport& report, const std::string& name) {
  const auto found = std::ranges::find(
      report.snapshot.nodes, name,
      [](const NodeObservation& node) -> const std::string& { return node.postgres.name; });
  return static_cast<std::size_t>(found - report.snapshot.nodes.begin());
}

/// Standbys that answer, and do not stream although they should.
std::vector<std::size_t> missing_standbys(const ClusterReport& report) {
  std::vector<std::size_t> missing;
  for (const CheckResult& result : report.results) {
    if (result.check != "replication" || result.raw_state != State::critical) continue;
    const std::size_t node = index_of(report, result.node);
    if (report.snapshot.nodes.at(node).postgres.up()) missing.push_back(node);
  }
  return missing;
}

/// Whether nothing else that was found keeps this standby from streaming.
bool is_unexplained(const CheckResult& replication, const ClusterReport& report) {
  return replication.cause == "receiver_down" &&
         std::ranges::none_of(report.results, [&](const CheckResult& other) {
           return other.state != State::ok && follows_from(replication, other);
         });
}

std::vector<std::size_t> unexplained_standbys(const ClusterReport& report) {
  std::vector<std::size_t> all = missing_standbys(report);
  for (const CheckResult& result : report.results) {
    if (result.check == "replication" && !is_unexplained(result, report))
      std::erase(all, index_of(report, result.node));
  }
  return all;
}

std::string address_of(const NodeProbe& probe) {
  return probe.tried_address.empty() ? probe.host : probe.tried_address;
}

/// As pg_hba.conf has a single machine's address.
std::string one_machine(const std::string& address) {
  return address + (address.find(':') == std::string::npos ? "/32" : "/128");
}

Diagnosis remedy_for(const DoctorView& view, std::size_t node, std::string_view id) {
  const NodeProbe& probe = view.probes[node];
  const CauseRow* cause = find_connection_cause(id);
  const std::string address = address_of(probe);
  Names names{{"node", view.report.snapshot.nodes.at(node).postgres.name},
              {"host", probe.host},
              {"address", address},
              {"port", probe.port},
              {"user", probe.replication_user.empty() ? "replicator" : probe.replication_user}};
  const std::vector<std::size_t> missing = missing_standbys(view.report);
  if (!missing.empty()) {
    const std::size_t standby = missing.front();
    names.emplace_back("standby", view.report.snapshot.nodes.at(standby).postgres.name);
    names.emplace_back("standby_address", one_machine(address_of(view.probes[standby])));
  }
  return {.node = node, .cause = cause, .fix = fill_in(cause->fix, names)};
}

bool replication_role_gets_in(std::span<const DoctorTest> tests, const std::string& primary) {
  return std::ranges::any_of(tests, [&](const DoctorTest& test) {
    return test.as_standby && test.node == primary && test.state == State::ok;
  });
}

}  // namespace

std::vector<Diagnosis> diagnose(const DoctorView& view, std::span<const DoctorTest> tests) {
  std::vector<Diagnosis> found;
  const auto add = [&](std::size_t node, std::string_view cause) {
    const bool known = std::ranges::any_of(found, [&](const Diagnosis& other) {
      return other.node == node && other.cause->id == cause;
    });
    if (!known) found.push_back(remedy_for(view, node, cause));
  };
  for (const bool as_standby : {false, true}) {
    for (const DoctorTest& test : tests) {
      if (test.state != State::critical || test.cause.empty()) continue;
      if (test.as_standby == as_standby) add(index_of(view.report, test.node), test.cause);
    }
  }
  const auto primary = view.report.analysis.primary();
  const auto from_here = std::ranges::find(tests, kOnlyFromHere, &DoctorTest::cause);
  if (found.empty() && from_here != tests.end() && !unexplained_standbys(view.report).empty())
    add(index_of(view.report, from_here->node), kOnlyFromHere);
  if (found.empty() && primary &&
      replication_role_gets_in(tests, view.report.snapshot.nodes.at(*primary).postgres.name)) {
    for (const std::size_t standby : unexplained_standbys(view.report))
      add(standby, "standby_side");
  }
  return found;
}

}  // namespace pgrepl
