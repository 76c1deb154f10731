// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checks/base/units.h"
#include "checks/judge/judge.h"
#include "exporter/publish/terminal_view.h"
#include "exporter/publish/text_table.h"

// Small words for the tables of the terminal view.  All pure.
namespace pgrepl::terminal {

inline const std::string kUnknown = "?";
inline const std::string kNotApplicable = "-";

/// A text of a server is shown no longer than this.
inline constexpr std::size_t kLongestText = 200;

inline std::string bytes_text(double bytes) { return humanize(bytes, Unit::bytes); }
inline std::string bytes_text(const std::optional<std::int64_t>& bytes) {
  return bytes ? bytes_text(static_cast<double>(*bytes)) : kUnknown;
}

inline std::string time_text(Seconds time) { return humanize(time.count(), Unit::seconds); }

inline std::string rendered(const TextTable& table, const TerminalStyle& style) {
  return table.empty() ? "" : table.text(style.width, style.colour);
}

/// Calls `take(node, state, analysis)` for every node that answered.
template <class Take>
void each_answer(const ClusterReport& report, Take take) {
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = report.snapshot.nodes[i].postgres;
    if (node.up()) take(node.name, *node.state, report.analysis.nodes.at(i));
  }
}

}  // namespace pgrepl::terminal
