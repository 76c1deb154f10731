// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/proofs.h"

#include <algorithm>

namespace pgrepl::test {

std::int64_t Proofs::newest() const {
  std::int64_t newest = 0;
  for (const Proof& proof : proofs_) newest = std::max(newest, proof.lsn);
  return newest;
}

ProvedLag Proofs::lag(std::int64_t replayed, Span at) const {
  ProvedLag lag;
  for (const Proof& proof : proofs_) {
    if (proof.lsn > replayed) {
      lag.lower = std::max(lag.lower, at.began - proof.ended);
    } else if (proof.began) {
      const Moment upper = std::max<Moment>(0, at.ended - *proof.began);
      lag.upper = std::min(lag.upper.value_or(upper), upper);
    }
  }
  return lag;
}

}  // namespace pgrepl::test
