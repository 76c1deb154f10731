// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace pgrepl::test {

/// True time, in microseconds since the story began.
using Moment = std::int64_t;

/// What a primary wrote, known exactly: when it was at which position, and which commits lie there.
class WalHistory {
 public:
  struct Step {
    Moment at;
    std::int64_t lsn;
    /// What the newest commit up to `lsn` has as its time, by the calendar of who wrote it; absent:
    /// there is none.
    std::optional<Moment> committed;
  };

  /// It has been at `start` for ever.
  explicit WalHistory(std::int64_t start, std::optional<Moment> committed = {});

  /// Both a later time, or the same, and a position further on.
  void write(const Step& step) { steps_.push_back(step); }

  /// Nothing beyond `branch` was ever in it: what a standby that has so much shares.  Who passed
  /// the branch in a stride had reached it by then.
  void cut_beyond(std::int64_t branch);

  std::int64_t start() const { return steps_.front().lsn; }
  const Step& last() const { return steps_.back(); }
  std::int64_t position() const { return steps_.back().lsn; }
  std::int64_t position(Moment at) const;

  /// When the primary first went beyond a position; absent: it never did.
  std::optional<Moment> went_beyond(std::int64_t lsn) const;

  /// The time of the newest commit that whoever has replayed up to a position has replayed; absent:
  /// it has replayed none.
  std::optional<Moment> last_commit(std::int64_t lsn) const;

 private:
  std::vector<Step>::const_iterator first_beyond(std::int64_t lsn) const;

  std::vector<Step> steps_;
};

}  // namespace pgrepl::test
