// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/doctor_tests.h"

#include <algorithm>
#include <utility>

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLongestText = 300;

std::string shown(std::string_view text) { return one_line(text, kLongestText); }

/// Whether a configured standby is missing on the primary, for all that can be seen.
bool standby_missing(const ClusterReport& report) {
  return std::ranges::any_of(report.results, [](const CheckResult& result) {
    return result.check == "replication" && result.raw_state != State::ok &&
           result.raw_state != State::unknown;
  });
}

/// pg_hba.conf speaks of addresses: what it says to this machine it says to standbys only if this
/// is one of theirs.
bool is_on_standby(const DoctorView& view) {
  for (std::size_t i = 0; i < view.probes.size(); ++i) {
    if (view.report.analysis.primary() != i && view.probes[i].is_here) return true;
  }
  return false;
}

// --- tests ---------------------------------------------------------------------------------------

/// The tests of one node, in the order in which each needs the one before.
class NodeTests {
 public:
  NodeTests(const DoctorView& view, std::size_t index)
      : node_(view.report.snapshot.nodes.at(index).postgres),
        probe_(view.probes[index]),
        is_primary_(view.report.analysis.primary() == index),
        missing_(standby_missing(view.report)),
        asked_on_standby_(is_on_standby(view)) {}

  std::vector<DoctorTest> run() {
    if (name() && port()) {
      monitoring_role();
      replication_role();
    }
    return std::move(tests_);
  }

 private:
  void add(std::optional<State> state, std::string what, std::string_view cause = {},
           bool as_standby = false) {
    tests_.push_back({.state = state,
                      .node = node_.name,
                      .what = std::move(what),
                      .cause = cause,
                      .as_standby = as_standby});
  }

  bool name() {
    if (!probe_.addresses) return true;
    if (!*probe_.addresses) {
      add(State::critical, shown(probe_.addresses->error().message), "no_address");
      return false;
    }
    add(State::ok,
        "the name " + probe_.host + " has the address " + join(**probe_.addresses, ", "));
    return true;
  }

  /// The port, with the address that it was tried at.
  std::string place() const { return "port " + probe_.port + " at " + probe_.tried_address; }

  bool port() {
    switch (probe_.port_state) {
      case PortState::not_tried:
        return true;
      case PortState::open:
        add(State::ok, place() + " is open");
        return true;
      case PortState::closed:
        add(State::critical, place() + " is closed: nothing listens there", "port_closed");
        return false;
      case PortState::unreachable:
        add(State::critical,
            probe_.tried_address + " is unreachable: " + shown(probe_.port_message), "unreachable");
        return false;
      case PortState::dropped:
        add(State::critical,
            place() +
                " is silent, though the machine answers: a firewall drops "
                "what is sent there",
            "firewall");
        return false;
      case PortState::silent:
        add(State::critical, place() + " is silent, and the machine shows no sign of life",
            "silent");
        return false;
    }
    return true;
  }

  // --- logins ------------------------------------------------------------------------------------

  std::string monitoring_user() const {
    return probe_.user.empty() ? "the monitoring role" : probe_.user;
  }

  void monitoring_role() {
    const std::string user = monitoring_user();
    if (!node_.up()) {
      const Failure& failure = node_.state.error();
      add(State::critical,
          user + " does not get in (" + std::string{to_string(failure.reason)} +
              "): " + shown(failure.message),
          network_cause(failure));
      return;
    }
    add(State::ok, user + " gets in: pg_hba.conf, password, database");
    if (node_.state->has_pg_monitor) {
      add(State::ok, user + " has pg_monitor");
    } else {
      add(State::warning, user + " lacks pg_monitor: GRANT pg_monitor TO " +
                              (probe_.user.empty() ? "pgrepl_monitor" : probe_.user));
    }
  }

  /// The causes that are the same for every role; what is wrong with the monitoring role itself is
  /// node_up's to tell.
  static std::string_view network_cause(const Failure& failure) {
    if (failure.reason == FailureClass::timeout) return "no_answer";
    if (failure.reason == FailureClass::refused) return "port_closed";
    return {};
  }

  void replication_role() {
    if (!probe_.replication) {
      if (!probe_.replication_user.empty()) return;
      add(std::nullopt, "as a standby: not tried, nobody gave the role", {}, true);
      return;
    }
    const std::string& user = probe_.replication_user;
    if (!*probe_.replication) {
      const Failure& failure = probe_.replication->error();
      // What keeps every role out has been said.
      if (!node_.up() && !network_cause(failure).empty()) return;
      const std::string_view cause = login_cause(failure);
      const bool explains = is_primary_ && missing_ && cause != kOnlyFromHere;
      add(explains ? State::critical : State::warning,
          user + " does not get in as a standby: " + shown(failure.message), cause, true);
      return;
    }
    const SystemIdentity& identity = **probe_.replication;
    const bool told = node_.up() && node_.state->system_identifier;
    const bool other = told && *node_.state->system_identifier != identity.system_identifier;
    add(other ? State::critical : State::ok,
        user + " may replicate: system " + shown(identity.system_identifier) + ", timeline " +
            std::to_string(identity.timeline),
        other ? "other_system" : "", true);
  }

  std::string_view login_cause(const Failure& failure) const {
    switch (failure.reason) {
      case FailureClass::dns:
        return "no_address";
      case FailureClass::refused:
        return "port_closed";
      case FailureClass::timeout:
        return "no_answer";
      case FailureClass::tls:
        return "tls";
      case FailureClass::hba_rejected:
        return asked_on_standby_ ? "hba" : kOnlyFromHere;
      case FailureClass::password:
        return "password";
      case FailureClass::too_many_connections:
        return "no_walsender";
      case FailureClass::permission:
        return "no_replication_right";
      case FailureClass::starting_up:
      case FailureClass::shutting_down:
      case FailureClass::not_accepting:
        return "not_accepting";
      default:
        return "other";
    }
  }

  const NodeSnapshot& node_;
  const NodeProbe& probe_;
  const bool is_primary_, missing_, asked_on_standby_;
  std::vector<DoctorTest> tests_;
};

}  // namespace

std::vector<DoctorTest> doctor_tests(const DoctorView& view) {
  std::vector<DoctorTest> all;
  for (std::size_t node = 0; node < view.report.snapshot.nodes.size(); ++node) {
    for (DoctorTest& test : NodeTests{view, node}.run()) all.push_back(std::move(test));
  }
  return all;
}

}  // namespace pgrepl
