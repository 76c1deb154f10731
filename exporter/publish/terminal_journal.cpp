// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_journal.h"

#include <ranges>
#include <vector>

#include "checks/base/text.h"
#include "checks/base/units.h"
#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

/// More is on the status page.
constexpr std::size_t kShown = 5;
constexpr std::size_t kLongestEvidence = 300;

std::string line_of(const JournalEntry& entry) {
  std::string text = humanize(since_1970(entry.at), Unit::timestamp) + " " + entry.kind;
  if (!entry.object.empty()) text += " (" + entry.object + ")";
  if (!entry.node.empty()) text += " of " + entry.node;
  if (entry.duration) text += ", " + humanize(entry.duration->count(), Unit::seconds);
  if (entry.during_maintenance) text += ", during maintenance";
  return entry.evidence.empty() ? text : text + ": " + entry.evidence;
}

}  // namespace

std::string journal_text(const ClusterReport& report, const TerminalStyle& style) {
  constexpr std::size_t kIndent = 2;
  const std::vector<JournalEntry>& journal = report.analysis.journal;
  if (journal.empty()) return "";
  std::string text = painted("last events", Paint::heading, style.colour) + "\n";
  for (const JournalEntry& entry : journal | std::views::reverse | std::views::take(kShown))
    text += joined_lines(wrapped(one_line(line_of(entry), kLongestEvidence), style.width, kIndent));
  return text;
}

}  // namespace pgrepl
