// SPDX-License-Identifier: Apache-2.0
#include "alerts/runbook.h"

#include <algorithm>
#include <vector>

#include "checks/base/text.h"
#include "checks/catalogue/connection_causes.h"
#include "checks/catalogue/guide_issues.h"
#include "checks/nagios/rule_text.h"

namespace pgrepl {
namespace {

std::string words(std::string_view text) { return std::string{text}; }

std::string link(std::string_view check) { return "[" + words(check) + "](#" + words(check) + ")"; }

std::string list_of_issues(std::span<const CheckRow> checks) {
  std::string text;
  for (const GuideIssue& issue : guide_issues()) {
    std::vector<std::string> links;
    for (const CheckRow& check : checks) {
      if (sees(check, issue)) links.push_back(link(check.id));
    }
    text += "- " + words(issue.heading) + " (" + words(issue.symptoms) + "): " + join(links, ", ") +
            "\n";
  }
  return text;
}

std::string thresholds_of(const CheckRow& check) {
  if (check.measures.empty()) return "";
  std::string text = "| threshold | warning | critical | source |\n| --- | --- | --- | --- |\n";
  for (const MeasureRow& measure : check.measures) {
    text += "| `" + threshold_key(check, measure) + "` | " + warning_text(measure) + " | " +
            critical_text(measure) + " | " + words(measure.source) + " |\n";
  }
  return text + "\n";
}

std::string cause_text(const CauseRow& cause) {
  const std::string state = cause.state ? words(to_string(*cause.state)) + " " : "";
  const std::string hold = cause.hold ? " " + hold_text(*cause.hold) : "";
  return state + "**" + words(cause.id) + "**: " + words(cause.says) + hold + "\n\n```\n" +
         words(cause.fix) + "\n```\n\n";
}

std::string section_of(const CheckRow& check) {
  std::string text = "## " + words(check.id) + "\n\n" + words(check.title) + ": " +
                     words(check.question) + " " + hold_text(check.hold) +
                     " Source: " + words(check.source) + ".\n\n" + thresholds_of(check);
  for (const CauseRow& cause : check.causes) text += cause_text(cause);
  return text;
}

}  // namespace

std::string runbook_markdown(std::span<const CheckRow> checks) {
  std::string text =
      "# Runbook\n\n"
      "What each check judges, and for each cause what it means and what to type. Words in braces "
      "stand\n"
      "for names, which the status page, `check_pgrepl -v`, `pgrepl_exporter status` and `doctor` "
      "fill in.\n"
      "Thresholds are the defaults; `pgrepl_exporter check-config` shows those in force. The "
      "exporter serves\n"
      "the same at `/runbook`. Generated from `checks/catalogue/`: do not edit.\n\n"
      "By the issues of the replication guide:\n\n";
  text += list_of_issues(checks) + "\n";
  for (const CheckRow& check : checks) text += section_of(check);
  text +=
      "## connection\n\nReplication not starting: what keeps a standby out. `pgrepl_exporter "
      "doctor` "
      "finds out which of them it is, by trying.\n\n";
  for (const CauseRow& cause : connection_causes()) text += cause_text(cause);
  text.pop_back();
  return text;
}

}  // namespace pgrepl
