// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_findings.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "checks/catalogue/catalogue.h"
#include "checks/judge/probable_cause.h"
#include "exporter/publish/cluster_section.h"
#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLongestText = 1000;

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

std::string finding(const CheckResult& result, SteadyTime now, const TerminalStyle& style,
                    std::size_t fix_lines) {
  const double lasted = elapsed(result.since, now).count();
  const std::string since =
      lasted > 0 ? " (for " + humanize(lasted, Unit::seconds) + ")" : std::string{};
  const std::string muted = result.muted ? ", muted" : "";
  const std::string text = led_by_state(result.state, name_of(result) + since + muted, style);
  return text + beneath_state(result.summary, style) +
         beneath_state(probable_cause(checks(), result), style) + fix_text(result.fix, fix_lines);
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
    text += beneath_state(together.reason, style);
  }
  return text;
}

}  // namespace

std::string painted_state(State state, bool colour) {
  return painted(to_string(state), paint_of(state), colour);
}

/// The state stands in front, painted; the sentence is wrapped beneath itself.
std::string led_by_state(State state, std::string_view sentence, const TerminalStyle& style) {
  const std::string safe = one_line(sentence, kLongestText);
  std::string text = joined_lines(wrapped(safe, style.width, kFindingIndent));
  const std::string word{to_string(state)};
  return painted_state(state, style.colour) + text.substr(std::min(text.size(), word.size()));
}

std::string beneath_state(std::string_view sentence, const TerminalStyle& style) {
  return joined_lines(wrapped(one_line(sentence, kLongestText), style.width, kFindingIndent));
}

std::string fix_text(std::span<const std::string> fix, std::size_t most) {
  std::string text;
  for (const std::string& line : fix.first(std::min(most, fix.size()))) {
    text += std::string(kFindingIndent, ' ') + "> " + one_line(line, kLongestText) + "\n";
  }
  return text;
}

std::vector<const CheckResult*> bad_results(const ClusterReport& report) {
  std::vector<const CheckResult*> bad;
  for (const CheckResult& result : report.results) {
    if (result.state != State::ok) bad.push_back(&result);
  }
  std::ranges::stable_sort(bad, std::greater{},
                           [](const auto* result) { return weight(result->state); });
  return bad;
}

std::string findings_text(std::span<const CheckResult* const> results, const ClusterReport& report,
                          const TerminalStyle& style, std::size_t fix_lines) {
  std::string text;
  std::vector<const CheckResult*> blind;
  for (const CheckResult* result : results) {
    if (result->state == State::unknown) {
      blind.push_back(result);
    } else {
      text += finding(*result, report.snapshot.taken.steady, style, fix_lines);
    }
  }
  return text + blind_findings(blind, style);
}

}  // namespace pgrepl
