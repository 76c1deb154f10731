// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/judge/judge.h"
#include "exporter/publish/terminal_view.h"

// The tables of the terminal view.  Each is empty where there is nothing to show.  All pure.
namespace pgrepl {

/// Roles, timelines, who streams and whether commits wait for it.
std::string nodes_table(const ClusterReport& report, const TerminalStyle& style);

/// How far each standby is behind, in time and bytes, and where they wait.
std::string lag_table(const ClusterReport& report, const TerminalStyle& style);

/// Slots of every node.
std::string slots_table(const ClusterReport& report, const TerminalStyle& style);

/// pg_wal and the archiver of every node.
std::string wal_table(const ClusterReport& report, const TerminalStyle& style);

/// Filesystems of every node whose machine is configured.
std::string disk_table(const ClusterReport& report, const TerminalStyle& style);

}  // namespace pgrepl
