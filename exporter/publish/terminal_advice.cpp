// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_advice.h"

#include <sstream>

#include "checks/base/text.h"
#include "exporter/publish/terminal_findings.h"
#include "exporter/publish/text_table.h"

namespace pgrepl {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string advice_text(const ClusterReport& report, const TerminalStyle& style) {
  constexpr std::string_view kWord = "advice";
  std::string text;
  for (const Advice& advice : report.analysis.advice) {
    const std::string beneath = beneath_state(advice.text, style);
    text += painted(kWord, Paint::heading, style.colour) + beneath.substr(kWord.size());
    const std::vector<std::string> fix = lines_of(advice.fix);
    text += fix_text(fix, fix.size());
  }
  return text;
}

std::vector<std::string> way_back_sentences(const ClusterReport& report) {
  std::vector<std::string> sentences;
  for (const WayBack& way : report.analysis.ways_back) {
    if (way.ready() != true) continue;
    const std::string& node = report.snapshot.nodes.at(way.node).postgres.name;
    sentences.push_back(way.is_out ? node + " could come back as it is"
                                   : "After a failover " + node +
                                         " could come back, by pg_rewind if it wrote what its "
                                         "standby did not get");
  }
  return sentences;
}

}  // namespace pgrepl
