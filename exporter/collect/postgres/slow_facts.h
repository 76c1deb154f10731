// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// Moves what the slow group has read into a fresh state: it stays until it is read again.
inline void keep_slow_facts(NodeState& before, NodeState& fresh) {
  fresh.settings = std::move(before.settings);
  fresh.commit_overrides = std::move(before.commit_overrides);
  fresh.wal_directory = std::move(before.wal_directory);
  fresh.archiver = std::move(before.archiver);
  fresh.archive_status = std::move(before.archive_status);
  fresh.basebackups = std::move(before.basebackups);
}

}  // namespace pgrepl
