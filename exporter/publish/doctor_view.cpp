// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/doctor_view.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/guide_issues.h"
#include "checks/judge/root_cause.h"
#include "exporter/publish/terminal_advice.h"
#include "exporter/publish/terminal_findings.h"
#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

constexpr std::size_t kAllLines = std::numeric_limits<std::size_t>::max();

struct Mark {
  std::string_view word;
  Paint paint;
};

Mark mark_of(const std::optional<State>& state) {
  if (!state) return {"-", Paint::plain};
  switch (*state) {
    case State::ok:
      return {"ok", Paint::good};
    case State::critical:
      return {"FAIL", Paint::bad};
    default:
      return {"warn", Paint::warning};
  }
}

/// One line each, however long: they are there to be searched, too.
std::string test_lines(std::span<const DoctorTest> tests, const TerminalStyle& style) {
  constexpr std::size_t kIndent = 6;
  std::string text;
  for (const DoctorTest& test : tests) {
    const Mark mark = mark_of(test.state);
    text += painted(mark.word, mark.paint, style.colour) +
            std::string(kIndent - mark.word.size(), ' ') + test.node + ": " + test.what + "\n";
  }
  return text;
}

std::string heading(std::string_view title, const TerminalStyle& style) {
  return "\n" + painted(title, Paint::heading, style.colour) + "\n";
}

std::string diagnosis_text(const DoctorView& view, const Diagnosis& diagnosis,
                           const TerminalStyle& style) {
  const std::string& node = view.report.snapshot.nodes.at(diagnosis.node).postgres.name;
  const std::string_view word = "cause";
  const std::string lines = joined_lines(
      wrapped(std::string{diagnosis.cause->id} + " on " + node, style.width, kFindingIndent));
  return painted(word, Paint::heading, style.colour) + lines.substr(word.size()) +
         beneath_state(diagnosis.cause->says, style) + fix_text(diagnosis.fix, kAllLines);
}

using Results = std::vector<const CheckResult*>;

/// A check that could not look does not show that its issue is there.
bool is_seen(const Results& results) {
  return std::ranges::any_of(
      results, [](const CheckResult* result) { return result->state != State::unknown; });
}

/// Results by the issue of the guide that they show, in its order, and last those that show none.
/// What is said further of a node that does not replicate at all belongs to that.
std::vector<Results> by_issue(const Results& all) {
  const std::span<const GuideIssue> issues = guide_issues();
  std::vector<Results> sorted(issues.size() + 1);
  const auto without_replication = [&](const CheckResult& result) {
    return std::ranges::any_of(sorted.front(), [&](const CheckResult* first) {
      return first->check == "replication" && first->node == result.node &&
             first->state == State::critical;
    });
  };
  for (const CheckResult* result : all) {
    const CheckRow* check = find_check(result->check);
    const GuideIssue* issue = check == nullptr ? nullptr : issue_seen_by(*check);
    auto place = issue == nullptr ? issues.size() : static_cast<std::size_t>(issue - issues.data());
    if (place != issues.size() && without_replication(*result)) place = 0;
    sorted[place].push_back(result);
  }
  return sorted;
}

/// The guide's, but first the issue with the root cause.  A test that failed is one of the first
/// issue.
std::vector<std::size_t> reading_order(const DoctorView& view, std::span<const Results> sorted,
                                       std::span<const Diagnosis> diagnoses) {
  std::vector<std::size_t> order(guide_issues().size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const CheckResult* root = root_cause(view.report.results);
  const auto leads = std::ranges::find_if(order, [&](std::size_t issue) {
    return std::ranges::find(sorted[issue], root) != sorted[issue].end();
  });
  if (diagnoses.empty() && leads != order.end()) std::rotate(order.begin(), leads, leads + 1);
  return order;
}

std::string issue_text(const DoctorView& view, const GuideIssue& issue,
                       std::span<const CheckResult* const> results,
                       std::span<const Diagnosis> diagnoses, const TerminalStyle& style) {
  std::string text =
      heading(std::string{issue.heading} + " (" + std::string{issue.symptoms} + ")", style);
  for (const Diagnosis& diagnosis : diagnoses) text += diagnosis_text(view, diagnosis, style);
  return text + findings_text(results, view.report, style, kAllLines);
}

}  // namespace

State worst_state(const DoctorView& view, std::span<const DoctorTest> tests) {
  State heaviest = worst_state({&view.report, 1});
  for (const DoctorTest& test : tests) heaviest = worst(heaviest, test.state.value_or(State::ok));
  return heaviest;
}

std::string doctor_view(const DoctorView& view, std::span<const DoctorTest> tests,
                        std::span<const Diagnosis> diagnoses, const TerminalStyle& style) {
  std::string text = painted(view.report.snapshot.cluster, Paint::heading, style.colour) + "\n" +
                     test_lines(tests, style);
  const std::vector<Results> sorted = by_issue(bad_results(view.report));
  Results rest = sorted.back();
  for (const std::size_t i : reading_order(view, sorted, diagnoses)) {
    // The causes are those of the guide's first issue.
    const auto causes = i == 0 ? diagnoses : std::span<const Diagnosis>{};
    if (is_seen(sorted[i]) || !causes.empty()) {
      text += issue_text(view, guide_issues()[i], sorted[i], causes, style);
    } else {
      rest.insert(rest.end(), sorted[i].begin(), sorted[i].end());
    }
  }
  if (!rest.empty()) {
    text += heading("Further findings", style) + findings_text(rest, view.report, style, kAllLines);
  }
  const std::string advice = advice_text(view.report, style);
  if (!advice.empty()) text += "\n" + advice;
  if (worst_state(view, tests) == State::ok) text += "\nEverything is fine.\n";
  return text;
}

}  // namespace pgrepl
