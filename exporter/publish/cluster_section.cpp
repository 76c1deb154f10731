// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/cluster_section.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <span>
#include <sstream>

#include "checks/base/units.h"
#include "checks/catalogue/catalogue.h"
#include "checks/judge/probable_cause.h"
#include "checks/judge/root_cause.h"
#include "exporter/publish/html.h"
#include "exporter/publish/page_frame.h"

namespace pgrepl {
namespace {

/// How a state looks, in the order of its number.
struct Look {
  std::string_view css, sign;
};
constexpr std::array kLooks{Look{"ok", "✔"}, Look{"warning", "▲"}, Look{"critical", "✖"},
                            Look{"unknown", "?"}};

const Look& look_of(State state) { return kLooks.at(static_cast<std::size_t>(state)); }

std::string long_since(SteadyTime then, SteadyTime now) {
  return humanize(std::max(0.0, elapsed(then, now).count()), Unit::seconds);
}

std::string lag_text(const NodeAnalysis& node) {
  if (!node.lag) return "";
  const std::string state(to_string(node.lag->state));
  const auto& estimate = node.lag->time.estimate;
  if (estimate) return humanize(estimate->count(), Unit::seconds) + ", " + state;
  return state == "unknown" ? state : "unknown, " + state;
}

std::string nodes_table(const ClusterReport& report) {
  std::string html = "<table>\n" + html_row("th", {"node", "answers", "role", "lag", "remark"});
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = report.snapshot.nodes[i].postgres;
    const NodeAnalysis& seen = report.analysis.nodes.at(i);
    html += html_row("td", {node.name, node.up() ? "yes" : "no", to_string(seen.role),
                            lag_text(seen), node.up() ? "" : node.state.error().message});
  }
  return html + "</table>\n";
}

std::string fix_steps(std::span<const std::string> steps) {
  if (steps.empty()) return "";
  std::string html = "<pre>";
  for (const std::string& step : steps) html += html_escape(step) + "\n";
  return html + "</pre>\n";
}

/// What the catalogue advises when the exporter itself is stuck.
std::vector<std::string> steps_when_stuck() {
  std::vector<std::string> steps;
  const CheckRow* check = find_check("data_freshness");
  if (check == nullptr || check->causes.empty()) return steps;
  std::istringstream fix{std::string(check->causes.front().fix)};
  for (std::string line; std::getline(fix, line);) steps.push_back(line);
  return steps;
}

std::string cause_text(const CheckResult& result) {
  const std::string_view cause = probable_cause(checks(), result);
  return cause.empty() ? "" : html_element("p", cause) + "\n";
}

std::string bad_check(const CheckResult& result, SteadyTime now) {
  const std::string lasts = "for " + long_since(result.since, now);
  return "<p>" + state_badge(result.state) + " " + html_element("b", name_of(result)) + ": " +
         html_escape(result.summary) + " " +
         html_element("span", "(" + lasts + (result.muted ? ", muted)" : ")"), "class=\"note\"") +
         " " + page_link(runbook_path(result.check), "runbook") + "</p>\n" + cause_text(result) +
         fix_steps(result.fix);
}

/// The heaviest first; among equals the catalogue's order, in which root causes come first.
std::string bad_checks(const ClusterReport& report, SteadyTime now) {
  std::vector<const CheckResult*> bad;
  for (const CheckResult& result : report.results) {
    if (result.state != State::ok) bad.push_back(&result);
  }
  std::ranges::stable_sort(bad, std::greater{},
                           [](const auto* result) { return weight(result->state); });
  std::string html;
  for (const CheckResult* result : bad) html += bad_check(*result, now);
  return html;
}

std::string all_checks(const ClusterReport& report) {
  std::string html = "<details><summary>all " + std::to_string(report.results.size()) +
                     " verdicts</summary>\n<table>\n" +
                     html_row("th", {"state", "check", "node", "object", "finding"});
  for (const CheckResult& result : report.results) {
    html += html_row(
        "td", {to_string(result.state), result.check, result.node, result.object, result.summary});
  }
  for (const AbsentCheck& absent : report.absent) {
    const bool missing = absent.kind == Absence::Kind::not_configured;
    html += html_row("td", {missing ? "not configured" : "not applicable", absent.check,
                            absent.node, "", absent.reason});
  }
  return html + "</table>\n</details>\n";
}

/// The last events, the newest first.
std::string journal_table(const ClusterReport& report) {
  constexpr std::size_t kShown = 50;
  const std::vector<JournalEntry>& journal = report.analysis.journal;
  if (journal.empty()) return "";
  std::string html = "<details><summary>the last events</summary>\n<table>\n" +
                     html_row("th", {"time", "event", "node", "lasted", "what was seen"});
  for (const JournalEntry& entry : journal | std::views::reverse | std::views::take(kShown)) {
    const std::string object = entry.object.empty() ? "" : " (" + entry.object + ")";
    html += html_row(
        "td", {humanize(since_1970(entry.at), Unit::timestamp), entry.kind + object, entry.node,
               entry.duration ? humanize(entry.duration->count(), Unit::seconds) : "",
               entry.evidence + (entry.during_maintenance ? ", during maintenance" : "")});
  }
  return html + "</table>\n</details>\n";
}

std::string maintenance_remark(const ClusterReport& report, WallTime now) {
  const auto present = report.policy.maintenance_at(now);
  if (!present) return "";
  std::string text = "Under announced maintenance, for another " +
                     humanize(Seconds(present->until - now).count(), Unit::seconds);
  if (!present->reason.empty()) text += ": " + present->reason;
  return html_element("p", text + ". What is marked as muted wakes nobody until then.") + "\n";
}

std::string remarks(const PublishedCluster& cluster, Instant now) {
  std::string html;
  if (cluster.stale_at(now.steady)) {
    html += fix_steps(steps_when_stuck());
    html += html_element(
        "p", "What follows is what the last poll saw; nobody knows whether it is still true.");
  }
  return html + maintenance_remark(*cluster.report, now.wall);
}

/// What would be better otherwise, although no check finds fault with it.
std::string advice(const ClusterReport& report) {
  std::string html;
  for (const Advice& one : report.analysis.advice) {
    const std::string fix[] = {one.fix};
    html += "<p>" + html_element("b", "Advice") + ": " + html_escape(one.text) + "</p>\n" +
            fix_steps(fix);
  }
  return html;
}

}  // namespace

std::string name_of(const CheckResult& result) {
  std::string name(result.check);
  if (!result.node.empty()) name += " on " + result.node;
  if (!result.object.empty()) name += " (" + result.object + ")";
  return name;
}

Headline headline_of(const PublishedCluster& cluster, SteadyTime now) {
  if (cluster.report == nullptr) return {State::unknown, "No poll yet."};
  const ClusterReport& report = *cluster.report;
  if (cluster.stale_at(now)) {
    const std::string age = long_since(report.snapshot.taken.steady, now);
    return {State::critical, "The last poll ended " + age + " ago: the exporter is stuck."};
  }
  const CheckResult* root = root_cause(report.results);
  if (root == nullptr) return {State::unknown, "There is no verdict."};
  if (root->state == State::ok) return {State::ok, "All checks are fine."};
  return {heaviest_state(report.results), name_of(*root) + ": " + root->summary};
}

std::string state_badge(State state) {
  const Look& look = look_of(state);
  return "<span class=\"state " + std::string(look.css) + "\">" + std::string(look.sign) + " " +
         std::string(to_string(state)) + "</span>";
}

std::string cluster_section(const PublishedCluster& cluster, const Headline& headline,
                            Instant now) {
  std::string html = "<section class=\"" + std::string(look_of(headline.state).css) + "\">\n<h2>" +
                     state_badge(headline.state) + " " + html_escape(cluster.name) + "</h2>\n" +
                     html_element("p", headline.sentence, "class=\"cause\"") + "\n";
  if (cluster.report != nullptr) {
    html +=
        remarks(cluster, now) + nodes_table(*cluster.report) +
        bad_checks(*cluster.report, now.steady) + advice(*cluster.report) +
        all_checks(*cluster.report) + journal_table(*cluster.report) +
        html_element(
            "p",
            "Last poll " + long_since(cluster.report->snapshot.taken.steady, now.steady) + " ago.",
            "class=\"note\"");
  }
  return html + "</section>\n";
}

}  // namespace pgrepl
