// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/analysis/cluster_analysis.h"
#include "tests/unit/analysis/pair_world.h"
#include "tests/unit/analysis/proofs.h"

namespace pgrepl::test {

/// How a standby and its primary truly stood when one poll looked at them.
struct Truth {
  std::size_t node = 0;
  Span at{};                            ///< of the standby's reading
  TrueServer standby;                   ///< as it was then
  std::optional<Moment> lacks_replay;   ///< since when something has not been replayed
  std::optional<Moment> lacks_wal;      ///< since when something has not been on its disk
  std::optional<std::int64_t> primary;  ///< its position, if the poll has read it
  std::optional<Moment> primary_read;   ///< when
  Moment promoted = 0;                  ///< the present primary; 0: it has always been one

  bool has_all_up_to(std::int64_t lsn) const {
    return primary && std::min(lsn, standby.shared) >= *primary;
  }
};

/// What is wrong with what is published of a standby; empty: nothing.
std::string complaint_about(const NodeAnalysis& published, const Truth& truth);

/// Counts under which circumstances that was published.
void count_circumstances(const NodeAnalysis& published, const Truth& truth, Tally& tally);

}  // namespace pgrepl::test
