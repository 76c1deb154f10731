// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/lsn.h"

namespace pgrepl {

struct NodeState;
struct SlotAnalysis;

/// What keeps files in pg_wal.
enum class WalHolder {
  slots,          ///< the replication slot that is farthest behind
  archive,        ///< files that wait for the archiver
  wal_keep_size,  ///< the setting of that name
  checkpoint,     ///< all since the last checkpoint began: a crash would need it
  rest,           ///< none of these: files that are kept for reuse
};

inline constexpr std::array kWalHolders{WalHolder::slots, WalHolder::archive,
                                        WalHolder::wal_keep_size, WalHolder::checkpoint,
                                        WalHolder::rest};

constexpr std::string_view to_string(WalHolder holder) {
  switch (holder) {
    case WalHolder::slots:
      return "slots";
    case WalHolder::archive:
      return "archive";
    case WalHolder::wal_keep_size:
      return "wal_keep_size";
    case WalHolder::checkpoint:
      return "checkpoint";
    case WalHolder::rest:
      return "rest";
  }
  return "rest";
}

/// Why pg_wal is as big as it is.  Each holder tells how much of the directory it would keep if it
/// were alone; they keep the same files, so these do not add up.  `rest` is what the greatest of
/// them leaves unexplained.  Unit: bytes, none more than the directory has.
struct WalUse {
  std::array<std::optional<std::int64_t>, kWalHolders.size()> bytes;  ///< absent: not known
  std::string slot;  ///< the slot that is farthest behind; empty: none keeps anything
  /// The one that keeps at least half of it, else rest; a slot or the archiver goes before what
  /// passes by itself or is a plain setting.  Absent: none does, of those that are known.
  std::optional<WalHolder> main;

  const std::optional<std::int64_t>& by(WalHolder holder) const {
    return bytes[static_cast<std::size_t>(holder)];
  }
  std::optional<std::int64_t>& by(WalHolder holder) {
    return bytes[static_cast<std::size_t>(holder)];
  }
  bool operator==(const WalUse&) const = default;
};

/// What keeps the WAL of a node that is at `position`.  Absent while its directory is not known.
/// Pure.
std::optional<WalUse> wal_use(const NodeState& node, const std::vector<SlotAnalysis>& slots,
                              std::optional<Lsn> position);

}  // namespace pgrepl
