// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "checks/judge/root_cause.h"
#include "exporter/publish/cluster_section.h"
#include "exporter/publish/terminal_advice.h"
#include "exporter/publish/terminal_findings.h"
#include "exporter/publish/terminal_journal.h"
#include "exporter/publish/terminal_tables.h"
#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

/// More is in `doctor`, in check_pgrepl -v and on the status page.
constexpr std::size_t kFixLines = 3;
constexpr std::size_t kLongestText = 1000;

// --- the head of a cluster -----------------------------------------------------------------------

std::string sentence(const std::string& text, const TerminalStyle& style) {
  return joined_lines(wrapped(one_line(text + ".", kLongestText), style.width, 0));
}

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

std::string maintenance_line(const Maintenance& present, const TerminalStyle& style) {
  std::string text =
      "Under announced maintenance until " + humanize(since_1970(present.until), Unit::timestamp);
  if (!present.reason.empty()) text += ": " + present.reason;
  return sentence(text, style);
}

std::string head(const ClusterReport& report, const TerminalStyle& style) {
  const WallTime taken = report.snapshot.taken.wall;
  std::string text = painted(report.snapshot.cluster, Paint::heading, style.colour) + ", " +
                     std::string{to_string(report.analysis.topology.verdict)} + ", " +
                     humanize(since_1970(taken), Unit::timestamp) + "\n";
  text += led_by_state(heaviest_state(report.results), headline(report), style);
  const auto present = report.policy.maintenance_at(taken);
  return present ? text + maintenance_line(*present, style) : text;
}

std::string not_configured(const ClusterReport& report, const TerminalStyle& style) {
  std::vector<std::string> checks;
  for (const AbsentCheck& absent : report.absent) {
    const std::string check{absent.check};
    const bool known = std::ranges::find(checks, check) != checks.end();
    if (absent.kind == Absence::Kind::not_configured && !known) checks.push_back(check);
  }
  if (checks.empty()) return "";
  return joined_lines(
      wrapped("Not configured, and so not judged: " + join(checks, ", ") + ".", style.width, 0));
}

std::string wal_rate(const ClusterReport& report, const TerminalStyle& style) {
  const auto& rate = report.analysis.wal_generation_rate;
  const auto primary = report.analysis.primary();
  if (!rate || !primary) return "";
  return sentence(report.snapshot.nodes.at(*primary).postgres.name + " writes " +
                      humanize(*rate, Unit::bytes_per_second) + " of WAL",
                  style);
}

/// What slows a standby down.
std::string bottleneck(const std::string& name, const NodeAnalysis& node) {
  if (!node.lag || !node.lag->bottleneck || *node.lag->bottleneck == Bottleneck::none) return "";
  return "The bottleneck of " + name + " is " + std::string{to_string(*node.lag->bottleneck)};
}

/// What would be lost if the primary died now and this standby took over.
std::string loss(const std::string& name, const NodeAnalysis& node) {
  if (!node.loss || !node.loss->bytes || *node.loss->bytes == 0) return "";
  const auto& upper = node.loss->time.upper;
  return "If the primary died now, " + name + " would lack " +
         humanize(static_cast<double>(*node.loss->bytes), Unit::bytes) + " of WAL" +
         (upper ? ", of up to " + humanize(upper->count(), Unit::seconds) : "");
}

/// A promise that nobody breaks now, and a failover would.  No finding: what promotes a standby,
/// such as Pacemaker, often sets this as well.
std::string promise(const std::string& name, const NodeAnalysis& node) {
  if (node.role != Role::standby || node.sync_outlook != SyncOutlook::async) return "";
  return "If " + name +
         " took over, its commits would wait for nobody: its own synchronous_standby_names is "
         "empty";
}

std::string standby_remarks(const ClusterReport& report, const TerminalStyle& style) {
  std::string text;
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const std::string& name = report.snapshot.nodes[i].postgres.name;
    const NodeAnalysis& node = report.analysis.nodes.at(i);
    const std::string kept = report.analysis.sync_required == true ? promise(name, node) : "";
    for (const std::string& remark : {bottleneck(name, node), loss(name, node), kept}) {
      if (!remark.empty()) text += sentence(remark, style);
    }
  }
  return text;
}

/// The base backups that are being taken, and how far they are.
std::string copies(const ClusterReport& report, const TerminalStyle& style) {
  std::string text;
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const std::string& name = report.snapshot.nodes[i].postgres.name;
    for (const BaseBackup& backup : report.analysis.nodes.at(i).base_backups) {
      const auto share = backup.share();
      text += sentence("A base backup of " + name + " goes to " + backup.application_name +
                           (backup.phase ? ": " + *backup.phase : "") +
                           (share ? ", " + humanize(*share, Unit::ratio) : ""),
                       style);
    }
  }
  return text;
}

/// What checks have to say although they are fine.
std::string good_news(const ClusterReport& report, const TerminalStyle& style) {
  std::string text;
  for (const CheckResult& result : report.results) {
    const bool told = result.check == "failover_ready" || result.check == "failover_duration";
    const bool fine = result.state == State::ok && result.raw_state == State::ok;
    if (told && fine) text += sentence(result.summary, style);
  }
  return text;
}

std::string ways_back(const ClusterReport& report, const TerminalStyle& style) {
  std::string text;
  for (const std::string& way : way_back_sentences(report)) text += sentence(way, style);
  return text;
}

std::string remarks_of(const ClusterReport& report, const TerminalStyle& style) {
  return wal_rate(report, style) + standby_remarks(report, style) + copies(report, style) +
         good_news(report, style) + ways_back(report, style) + not_configured(report, style);
}

std::string cluster_view(const ClusterReport& report, const TerminalStyle& style) {
  std::string text = head(report, style);
  for (const auto& table : {nodes_table, lag_table, slots_table, wal_table, disk_table}) {
    const std::string part = table(report, style);
    if (!part.empty()) text += "\n" + part;
  }
  for (const std::string& part :
       {remarks_of(report, style), findings_text(bad_results(report), report, style, kFixLines),
        advice_text(report, style), journal_text(report, style)}) {
    if (!part.empty()) text += "\n" + part;
  }
  return text;
}

}  // namespace

State worst_state(std::span<const ClusterReport> reports) {
  if (reports.empty()) return State::unknown;
  State heaviest = State::ok;
  for (const ClusterReport& report : reports)
    heaviest = worst(heaviest, heaviest_state(report.results));
  return heaviest;
}

std::string terminal_view(std::span<const ClusterReport> reports,
                          std::span<const std::string> notes, const TerminalStyle& style) {
  std::string text;
  for (const ClusterReport& report : reports) {
    if (!text.empty()) text += "\n" + std::string(style.width, '-') + "\n";
    text += cluster_view(report, style);
  }
  for (const std::string& note : notes) {
    text += "\n" + joined_lines(wrapped("Note: " + one_line(note, kLongestText), style.width, 0));
  }
  return text;
}

}  // namespace pgrepl
