// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/unit/analysis/dice.h"

namespace pgrepl::test {

/// True time, in microseconds since the history began.
using Moment = std::int64_t;

/// A primary that is known exactly: when it was at which position, and which commits lie there.
class WalHistory {
 public:
  struct Step {
    Moment at;
    std::int64_t lsn;
    std::optional<Moment> committed;  ///< what the newest commit record up to `lsn` has as its time
  };

  /// Idle hours, bursts and steady work, up to `end`; one in three passes a 4 GB boundary.
  static WalHistory random(Dice& dice, Moment end, int steps);

  /// The same past up to `promotion`, except that nothing beyond `branch` was in it, and another
  /// future.
  WalHistory branched(Dice& dice, Moment promotion, std::int64_t branch, Moment end,
                      int steps) const;

  std::int64_t position(Moment at) const;

  /// When the primary first went beyond a position; absent: it never did.
  std::optional<Moment> went_beyond(std::int64_t lsn) const;

  /// The time of the newest commit that whoever has replayed up to a position has replayed; absent:
  /// it has replayed none.
  std::optional<Moment> last_commit(std::int64_t lsn) const;

  Moment end() const { return end_; }

 private:
  void grow(Dice& dice, Moment end, int steps);
  std::vector<Step>::const_iterator first_beyond(std::int64_t lsn) const;

  std::vector<Step> steps_;  ///< both ascending
  Moment end_ = 0;
};

/// A standby's replay position as time goes on: at times all that the primary has, at times less,
/// at times the same as before because replay is paused or nothing arrives.  To be asked with
/// ascending times.
class Replay {
 public:
  Replay(Dice& dice, const WalHistory& primary, std::int64_t limit)
      : dice_(dice), primary_(primary), limit_(limit) {}

  std::int64_t position(Moment at);

 private:
  Dice& dice_;
  const WalHistory& primary_;
  std::int64_t limit_;
  std::int64_t position_ = 0;
};

}  // namespace pgrepl::test
