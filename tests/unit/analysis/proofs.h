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

  void add(const Proof& proof) { proofs_.push_back(proof); }
  void forget() { proofs_.clear(); }

  std::int64_t newest() const;  ///< of all positions that were read

  ProvedLag lag(std::int64_t replayed, Span at) const;

 private:
  std::vector<Proof> proofs_;
};

}  // namespace pgrepl::test
