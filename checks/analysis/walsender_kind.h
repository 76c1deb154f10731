// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace pgrepl {

struct NodeState;

/// Whom a walsender feeds.  A standby says how far it has replayed; programs that collect WAL never
/// do, and logical consumers use a logical slot.
enum class WalsenderKind {
  standby,      ///< a standby, configured or not; also what has not told yet, or is hidden
  base_backup,  ///< pg_basebackup: the copy itself, or the WAL that it streams beside it
  wal_archive,  ///< a program that collects WAL, such as pg_receivewal
  consumer,     ///< a logical subscriber
};

inline constexpr std::array kWalsenderKinds{WalsenderKind::standby, WalsenderKind::base_backup,
                                            WalsenderKind::wal_archive, WalsenderKind::consumer};

constexpr std::string_view to_string(WalsenderKind kind) {
  switch (kind) {
    case WalsenderKind::standby:
      return "standby";
    case WalsenderKind::base_backup:
      return "base_backup";
    case WalsenderKind::wal_archive:
      return "wal_archive";
    case WalsenderKind::consumer:
      return "consumer";
  }
  return "standby";
}

/// Whom each walsender of a node feeds, parallel to its wal_senders.  Pure.
std::vector<WalsenderKind> walsender_kinds(const NodeState& node);

}  // namespace pgrepl
