// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "exporter/publish/cluster_section.h"
#include "exporter/publish/terminal_tables.h"
#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

/// More is in `doctor`, in check_pgrepl -v and on the status page.
constexpr std::size_t kFixLines = 3;
constexpr std::size_t kLongestText = 1000;
/// Where the text of a finding begins: behind the longest state.
constexpr std::size_t kIndent = 10;

Paint paint_of(State state) {
  switch (state) {
    case State::ok:
      return Paint::good;
    case State::warning:
      return Paint::warning;
    case State::critical:
      return Paint::bad;
    case State::unknown:
      return Paint::unknown;
  }
  return Paint::unknown;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

double seconds_since_1970(WallTime time) {
  return std::chrono::duration_cast<Seconds>(time.time_since_epoch()).count();
}

State state_of(const ClusterReport& report) {
  const CheckResult* root = root_cause(report.results);
  return root == nullptr ? State::unknown : root->state;
}

// --- the head of a cluster -----------------------------------------------------------------------

std::string headline(const ClusterReport& report) {
  const CheckResult* root = root_cause(report.results);
  if (root == nullptr) return "there is no verdict";
  if (root->state != State::ok) {
    return name_of(*root) + ": " + one_line(root->summary, kLongestText);
  }
  const auto primary = report.analysis.primary();
  const std::string who =
      primary ? "primary " + report.snapshot.nodes.at(*primary).postgres.name + ", " : "";
  return who + "all " + std::to_string(report.results.size()) + " results are fine";
}

/// The state stands in front, painted; the sentence is wrapped beneath itself.
std::string led_by_state(State state, std::string_view sentence, const TerminalStyle& style) {
  std::string text = joined(wrapped(sentence, style.width, kIndent));
  const std::string word{to_string(state)};
  return painted_state(state, style.colour) + text.substr(std::min(text.size(), word.size()));
}

std::string head(const ClusterReport& report, const TerminalStyle& style) {
  const WallTime taken = report.snapshot.taken.wall;
  std::string text = painted(report.snapshot.cluster, Paint::heading, style.colour) + ", " +
                     std::string{to_string(report.analysis.topology.verdict)} + ", " +
                     humanize(seconds_since_1970(taken), Unit::timestamp) + "\n";
  text += led_by_state(state_of(report), headline(report), style);
  const auto& until = report.policy.maintenance_until;
  if (until && *until > taken) {
    text += "Under announced maintenance until " +
            humanize(seconds_since_1970(*until), Unit::timestamp) + ".\n";
  }
  return text;
}

// --- findings ------------------------------------------------------------------------------------

std::string fix_text(const CheckResult& result, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, result.fix.size()); ++i) {
    text += std::string(kIndent, ' ') + "> " + one_line(result.fix[i], kLongestText) + "\n";
  }
  return text;
}

std::string finding(const CheckResult& result, SteadyTime now, const TerminalStyle& style,
                    std::size_t fix_lines) {
  const double lasted = elapsed(result.since, now).count();
  const std::string since =
      lasted > 0 ? " (for " + humanize(lasted, Unit::seconds) + ")" : std::string{};
  std::string text = led_by_state(result.state, name_of(result) + since, style);
  text += joined(wrapped(one_line(result.summary, kLongestText), style.width, kIndent));
  return text + fix_text(result, fix_lines);
}

/// Checks that could not be looked at for one and the same reason, and on which nodes.
struct BlindFor {
  std::string reason;
  std::vector<std::pair<std::string_view, std::vector<std::string>>> checks;

  void add(const CheckResult& result) {
    if (checks.empty() || checks.back().first != result.check) {
      checks.push_back({result.check, {}});
    }
    const std::string object = result.object.empty() ? "" : " (" + result.object + ")";
    if (!result.node.empty()) checks.back().second.push_back(result.node + object);
  }
  std::string names() const {
    std::vector<std::string> names;
    for (const auto& [check, nodes] : checks) {
      names.push_back(std::string{check} + (nodes.empty() ? "" : " on " + join(nodes, ", ")));
    }
    return join(names, "; ");
  }
};

std::string blind_findings(const std::vector<const CheckResult*>& blind,
                           const TerminalStyle& style) {
  std::vector<BlindFor> reasons;
  for (const CheckResult* result : blind) {
    auto known = std::ranges::find(reasons, result->summary, &BlindFor::reason);
    if (known == reasons.end()) {
      known = reasons.insert(reasons.end(), {.reason = result->summary, .checks = {}});
    }
    known->add(*result);
  }
  std::string text;
  for (const BlindFor& together : reasons) {
    text += led_by_state(State::unknown, together.names(), style);
    text += joined(wrapped(one_line(together.reason, kLongestText), style.width, kIndent));
  }
  return text;
}

std::string not_configured(const ClusterReport& report, const TerminalStyle& style) {
  std::vector<std::string> checks;
  for (const AbsentCheck& absent : report.absent) {
    const std::string check{absent.check};
    const bool known = std::ranges::find(checks, check) != checks.end();
    if (absent.kind == Absence::Kind::not_configured && !known) checks.push_back(check);
  }
  if (checks.empty()) return "";
  return joined(
      wrapped("Not configured, and so not judged: " + join(checks, ", ") + ".", style.width, 0));
}

std::string wal_rate(const ClusterReport& report, const TerminalStyle& style) {
  const auto& rate = report.analysis.wal_generation_rate;
  const auto primary = report.analysis.primary();
  if (!rate || !primary) return "";
  return joined(wrapped(report.snapshot.nodes.at(*primary).postgres.name + " writes " +
                            humanize(*rate, Unit::bytes_per_second) + " of WAL.",
                        style.width, 0));
}

std::string cluster_view(const ClusterReport& report, const TerminalStyle& style) {
  std::string text = head(report, style);
  for (const auto& table : {nodes_table, lag_table, slots_table, wal_table, disk_table}) {
    const std::string part = table(report, style);
    if (!part.empty()) text += "\n" + part;
  }
  const std::string remarks = wal_rate(report, style) + not_configured(report, style);
  if (!remarks.empty()) text += "\n" + remarks;
  const std::string findings = terminal_findings(report, style, kFixLines);
  return findings.empty() ? text : text + "\n" + findings;
}

}  // namespace

std::string painted_state(State state, bool colour) {
  return painted(to_string(state), paint_of(state), colour);
}

State worst_state(std::span<const ClusterReport> reports) {
  if (reports.empty()) return State::unknown;
  State heaviest = State::ok;
  for (const ClusterReport& report : reports) heaviest = worst(heaviest, state_of(report));
  return heaviest;
}

std::string terminal_findings(const ClusterReport& report, const TerminalStyle& style,
                              std::size_t fix_lines) {
  std::vector<const CheckResult*> bad, blind;
  for (const CheckResult& result : report.results) {
    if (result.state == State::unknown) {
      blind.push_back(&result);
    } else if (result.state != State::ok) {
      bad.push_back(&result);
    }
  }
  std::ranges::stable_sort(bad, std::greater{},
                           [](const auto* result) { return weight(result->state); });
  std::string text;
  for (const CheckResult* result : bad) {
    text += finding(*result, report.snapshot.taken.steady, style, fix_lines);
  }
  return text + blind_findings(blind, style);
}

std::string terminal_view(std::span<const ClusterReport> reports,
                          std::span<const std::string> notes, const TerminalStyle& style) {
  std::string text;
  for (const ClusterReport& report : reports) {
    if (!text.empty()) text += "\n" + std::string(style.width, '-') + "\n";
    text += cluster_view(report, style);
  }
  for (const std::string& note : notes) {
    text += "\n" + joined(wrapped("Note: " + one_line(note, kLongestText), style.width, 0));
  }
  return text;
}

}  // namespace pgrepl
