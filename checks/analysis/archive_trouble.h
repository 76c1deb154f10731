// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "checks/base/time.h"
#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// One WAL file may take this long to archive before the archiver counts as standing still.
inline constexpr Seconds kArchivingPatience{60};

/// Why a node has nothing to archive; absent if it has, or as long as its archive_mode is not
/// known.  Pure.
std::optional<std::string_view> nothing_to_archive(const NodeState& node);

/// Whether the archiver's last attempt failed.  Pure.
bool last_attempt_failed(const StatArchiverRow& archiver);

/// Whether this node's archiver is in trouble: its last attempt failed, or a WAL file has waited
/// for longer than kArchivingPatience and none was finished within that time.  A backlog that grows
/// although files leave it is no trouble by this rule: its size is judged by itself.
///
/// False where nothing is archived: archive_mode off, or a standby without archive_mode = always.
/// Absent while the archiver's row, or whether files wait, is not known.  Pure.
std::optional<bool> archive_in_trouble(const NodeState& node);

}  // namespace pgrepl
