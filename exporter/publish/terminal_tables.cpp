// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/terminal_tables.h"

#include "checks/base/text.h"
#include "exporter/publish/terminal_cells.h"

namespace pgrepl {
namespace {

using namespace terminal;  // NOLINT(google-build-using-namespace)

// --- nodes ---------------------------------------------------------------------------------------

TableCell role_cell(const ClusterReport& report, const NodeAnalysis& node) {
  if (node.role == Role::unknown && node.last_role != Role::unknown) {
    return {"was " + std::string{to_string(node.last_role)}, Paint::unknown};
  }
  const bool split = node.role == Role::primary && report.analysis.primaries.size() > 1;
  return {std::string{to_string(node.role)}, split ? Paint::bad : Paint::plain};
}

/// What its sender says of a standby: its walsender's state, and whether commits wait for it.
struct AtSender {
  TableCell state = kUnknown;
  TableCell sync = kUnknown;
};

/// Whether somebody who answers can tell that there is no walsender.
bool walsenders_are_seen(const ClusterReport& report) {
  const auto primary = report.analysis.primary();
  return primary && !report.snapshot.nodes.at(*primary).postgres.state->missing.wal_senders;
}

AtSender seen_at_sender(const ClusterReport& report, const NodeAnalysis& node) {
  if (node.role == Role::primary) return {kNotApplicable, kNotApplicable};
  if (!node.walsender) {
    if (!walsenders_are_seen(report)) return {};
    return {{"none", Paint::bad}, {"none", Paint::bad}};
  }
  const NodeSnapshot& sender = report.snapshot.nodes.at(node.walsender->node).postgres;
  const StatReplicationRow& row = sender.state->wal_senders.at(node.walsender->row);
  return {row.state.value_or(kUnknown), row.sync_state.value_or(kUnknown)};
}

/// Where the receiver of a node is connected to, by its own words.
std::string sender_address(const NodeSnapshot& node) {
  if (!node.up() || !node.state->wal_receiver || !node.state->wal_receiver->sender_host) {
    return kUnknown;
  }
  const StatWalReceiverRow& receiver = *node.state->wal_receiver;
  const std::string port = receiver.sender_port ? ":" + std::to_string(*receiver.sender_port) : "";
  return one_line(*receiver.sender_host, kLongestText) + port;
}

TableCell followed(const ClusterReport& report, std::size_t node) {
  const auto& following = report.analysis.nodes.at(node).following;
  if (!following) return {kNotApplicable};
  switch (following->sender) {
    case SenderKind::node:
    case SenderKind::silent_node:
      if (following->node) return {report.snapshot.nodes.at(*following->node).postgres.name};
      return {kUnknown};
    case SenderKind::stranger:
      return {sender_address(report.snapshot.nodes.at(node).postgres), Paint::warning};
    case SenderKind::none:
      return {"nobody", Paint::bad};
    case SenderKind::unknown:
      break;
  }
  return {kUnknown};
}

/// "15.18" of "15.18 (Debian 15.18-0+deb12u1)".
std::string version_of(const NodeSnapshot& node) {
  if (!node.up()) return kUnknown;
  return one_line(node.state->server_version.substr(0, node.state->server_version.find(' ')),
                  kLongestText);
}

std::string timeline_of(const NodeSnapshot& node) {
  if (!node.up() || !node.state->timeline) return kUnknown;
  return std::to_string(*node.state->timeline);
}

}  // namespace

std::string nodes_table(const ClusterReport& report, const TerminalStyle& style) {
  TextTable table{{{.title = "NODE", .shrinks = true},
                   {.title = "UP"},
                   {.title = "ROLE"},
                   {.title = "TIMELINE", .right = true},
                   {.title = "WALSENDER"},
                   {.title = "SYNC"},
                   {.title = "FOLLOWS", .shrinks = true},
                   {.title = "VERSION"}}};
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = report.snapshot.nodes[i].postgres;
    const NodeAnalysis& seen = report.analysis.nodes.at(i);
    const AtSender walsender = seen_at_sender(report, seen);
    table.add({node.name,
               {node.up() ? "yes" : "no", node.up() ? Paint::plain : Paint::bad},
               role_cell(report, seen),
               timeline_of(node),
               walsender.state,
               walsender.sync,
               followed(report, i),
               version_of(node)});
  }
  return rendered(table, style);
}

// --- lag -----------------------------------------------------------------------------------------

namespace {

std::string lag_time(const LagBounds& time) {
  if (time.estimate) return time_text(*time.estimate);
  return time.lower ? "> " + time_text(*time.lower) : kUnknown;
}

Paint paint_of(LagState state) {
  switch (state) {
    case LagState::caught_up:
    case LagState::streaming:
    case LagState::delayed:
      return Paint::plain;
    case LagState::upstream_unknown:
    case LagState::unknown:
      return Paint::unknown;
    case LagState::receiver_down:
      return Paint::bad;
    default:
      return Paint::warning;
  }
}

}  // namespace

std::string lag_table(const ClusterReport& report, const TerminalStyle& style) {
  TextTable table{{{.title = "LAG OF", .shrinks = true},
                   {.title = "TIME", .right = true},
                   {.title = "BEHIND", .right = true},
                   {.title = "SEND", .right = true},
                   {.title = "WRITE", .right = true},
                   {.title = "FLUSH", .right = true},
                   {.title = "REPLAY", .right = true},
                   {.title = "STATE"}}};
  for (std::size_t i = 0; i < report.snapshot.nodes.size(); ++i) {
    const auto& lag = report.analysis.nodes.at(i).lag;
    if (!lag) continue;
    table.add({report.snapshot.nodes[i].postgres.name,
               lag_time(lag->time),
               bytes_text(lag->not_replayed),
               bytes_text(lag->not_sent),
               bytes_text(lag->not_written),
               bytes_text(lag->not_flushed),
               bytes_text(lag->received_not_replayed),
               {std::string{to_string(lag->state)}, paint_of(lag->state)}});
  }
  return rendered(table, style);
}

}  // namespace pgrepl
