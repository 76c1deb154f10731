// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/proofs.h"

#include <algorithm>

namespace pgrepl::test {

void Proofs::cut_at(std::int64_t branch) {
  for (Proof& proof : proofs_) proof.lsn = std::min(proof.lsn, branch);
}

std::size_t Proofs::later_than(Moment moment) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(proofs_, [&](const Proof& proof) { return proof.ended > moment; }));
}

bool Proofs::caught_up(std::int64_t replayed, Moment began) const {
  std::optional<std::int64_t> newest_before;
  std::int64_t newest = 0;
  for (const Proof& proof : proofs_) {
    newest = std::max(newest, proof.lsn);
    if (proof.ended <= began) newest_before = std::max(newest_before.value_or(0), proof.lsn);
  }
  return replayed >= newest || (newest_before && replayed >= *newest_before);
}

ProvedLag Proofs::lag(std::int64_t replayed, Span at) const {
  ProvedLag lag;
  for (const Proof& proof : proofs_) {
    if (proof.lsn > replayed) {
      lag.lower = std::max(lag.lower, at.began - proof.ended);
    } else if (proof.began) {
      lag.upper = std::min(lag.upper.value_or(at.ended - *proof.began), at.ended - *proof.began);
    }
  }
  return lag;
}

}  // namespace pgrepl::test
