// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/unit/analysis/wal_history.h"

namespace pgrepl::test {

/// A reading: a server looked at itself at `read`, somewhere between.
struct Span {
  Moment began, read, ended;
};

/// What a reading of the primary proved; `began` is absent for hearsay.
struct Proof {
  std::int64_t lsn;
  std::optional<Moment> began;
  Moment ended;
};

/// The best that a set of readings allows to say of a standby's lag, in microseconds.
struct ProvedLag {
  Moment lower = 0;
  std::optional<Moment> upper;
};

/// All that an exporter has ever read of a primary.  What follows from it is computed by the
/// definitions, from every single reading, with no regard to speed.
class Proofs {
 public:
  bool empty() const { return proofs_.empty(); }
  std::size_t size() const { return proofs_.size(); }

  void add(const Proof& proof) { proofs_.push_back(proof); }
  void forget() { proofs_.clear(); }

  /// The primary is another one now, which shares the history up to there.
  void cut_at(std::int64_t branch);

  /// How many readings ended after that.
  std::size_t later_than(Moment moment) const;

  /// It has the newest position whose reading had ended before its own began, or all.
  bool caught_up(std::int64_t replayed, Moment began) const;

  ProvedLag lag(std::int64_t replayed, Span at) const;

 private:
  std::vector<Proof> proofs_;
};

}  // namespace pgrepl::test
