// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/runbook_page.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/base/text.h"
#include "checks/catalogue/catalogue.h"
#include "checks/catalogue/connection_causes.h"
#include "checks/catalogue/guide_issues.h"
#include "checks/nagios/rule_text.h"
#include "exporter/publish/cluster_section.h"
#include "exporter/publish/html.h"
#include "exporter/publish/page_frame.h"

namespace pgrepl {
namespace {

constexpr std::array kTopics{std::pair{Topic::availability, "Servers"},
                             std::pair{Topic::role, "Roles"},
                             std::pair{Topic::replication, "Replication"},
                             std::pair{Topic::lag, "Lag"},
                             std::pair{Topic::slots, "Slots"},
                             std::pair{Topic::disk, "Disks"},
                             std::pair{Topic::archive, "Archive"},
                             std::pair{Topic::network, "Network"},
                             std::pair{Topic::exporter, "The monitor itself"}};

std::string links_to(const std::vector<std::string_view>& checks) {
  std::vector<std::string> links;
  for (const std::string_view check : checks) {
    links.push_back(page_link("#" + runbook_anchor(check), check));
  }
  return join(links, ", ");
}

std::string list_item(std::string_view title, const std::vector<std::string_view>& checks) {
  return "<li>" + html_escape(title) + ": " + links_to(checks) + "</li>\n";
}

template <class Belongs>
std::vector<std::string_view> ids_of(std::span<const CheckRow> checks, Belongs belongs) {
  std::vector<std::string_view> ids;
  for (const CheckRow& check : checks) {
    if (belongs(check)) ids.push_back(check.id);
  }
  return ids;
}

/// The issues of the guide's troubleshooting chapter, each with the checks that see it.
std::string index_of_issues(std::span<const CheckRow> checks) {
  std::string html;
  for (const GuideIssue& issue : guide_issues()) {
    const auto ids = ids_of(checks, [&](const CheckRow& check) { return sees(check, issue); });
    if (ids.empty()) continue;
    html += list_item(std::string{issue.heading} + " (" + std::string{issue.symptoms} + ")", ids);
  }
  return html.empty() ? ""
                      : "<p>By the issues of the replication guide:</p>\n<ul>\n" + html + "</ul>\n";
}

std::string index_of_topics(std::span<const CheckRow> checks) {
  std::string html = "<p>By subject:</p>\n<ul>\n";
  for (const auto& [topic, title] : kTopics) {
    const auto ids =
        ids_of(checks, [wanted = topic](const CheckRow& check) { return check.topic == wanted; });
    if (!ids.empty()) html += list_item(title, ids);
  }
  return html + "</ul>\n";
}

std::string thresholds_table(const CheckRow& check) {
  if (check.measures.empty()) return "";
  std::string html = "<table>\n" + html_row("th", {"threshold", "warning", "critical", "source"});
  for (const MeasureRow& measure : check.measures) {
    html += html_row("td", {threshold_key(check, measure), warning_text(measure),
                            critical_text(measure), measure.source});
  }
  return html + "</table>\n";
}

std::string fix_block(std::string_view fix) {
  std::string html = "<pre>";
  while (!fix.empty()) {
    const std::size_t end = std::min(fix.find('\n'), fix.size());
    html += html_escape(fix.substr(0, end)) + "\n";
    fix.remove_prefix(std::min(fix.size(), end + 1));
  }
  return html + "</pre>\n";
}

std::string cause_block(std::string_view section, const CauseRow& cause) {
  const std::string anchor = runbook_anchor(section) + "-" + runbook_anchor(cause.id);
  std::string html = "<p id=\"" + html_escape(anchor) + "\">";
  if (cause.state) html += state_badge(*cause.state) + " ";
  html += html_element("b", cause.id) + ": " + html_escape(cause.says);
  if (cause.hold) html += " " + html_element("span", hold_text(*cause.hold), "class=\"note\"");
  return html + "</p>\n" + fix_block(cause.fix);
}

std::string check_section(const CheckRow& check) {
  std::string html = "<section id=\"" + html_escape(runbook_anchor(check.id)) + "\">\n";
  html += html_element("h2", std::string{check.id} + ": " + std::string{check.title}) + "\n";
  html += html_element("p", check.question, "class=\"cause\"") + "\n";
  html += html_element("p", hold_text(check.hold) + " Source: " + std::string{check.source} + ".",
                       "class=\"note\"") +
          "\n";
  html += thresholds_table(check);
  for (const CauseRow& cause : check.causes) html += cause_block(check.id, cause);
  return html + "</section>\n";
}

/// What `doctor` tells apart where a server cannot be reached or entered.
std::string connection_section() {
  std::string html = "<section id=\"connection\">\n" +
                     html_element("h2", "Replication not starting: the guide's causes") + "\n";
  html += html_element("p", "Why does no standby get in?", "class=\"cause\"") + "\n";
  html +=
      html_element("p",
                   "pgrepl_exporter doctor finds out which of them it is, by trying: best on "
                   "the standby, because pg_hba.conf and firewalls go by the address that asks.",
                   "class=\"note\"") +
      "\n";
  for (const CauseRow& cause : connection_causes()) html += cause_block("connection", cause);
  return html + "</section>\n";
}

}  // namespace

std::string runbook_page(std::span<const CheckRow> checks) {
  std::string html = page_begin("Runbook - pgrepl", std::nullopt) + "<h1>Runbook</h1>\n";
  html += html_element(
      "p",
      "What each check judges, and for each cause what it means and what to type. Words in braces "
      "stand for names; the status page, check_pgrepl -v and pgrepl_exporter status fill them in. "
      "Thresholds are the defaults; pgrepl_exporter check-config shows those in force.");
  html += "\n<p class=\"note\">" + page_link("/", "status page") + " " +
          page_link("#connection", "causes that keep a standby out") + "</p>\n";
  html += index_of_issues(checks) + index_of_topics(checks);
  for (const CheckRow& check : checks) html += check_section(check);
  return html + connection_section() + page_end();
}

}  // namespace pgrepl
