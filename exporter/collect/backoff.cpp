// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/backoff.h"

#include <algorithm>

namespace pgrepl {
namespace {

constexpr Seconds kLongestPause{30};

/// What is left of a pause by its jitter.  Always below the whole, so that at the usual pace the
/// poll that comes one first pause later is a new attempt.
constexpr double kLeastShare = 0.7;
constexpr double kGreatestShare = 0.95;

/// Failures that stay until somebody changes a configuration.
bool needs_people(FailureClass reason) {
  return reason == FailureClass::hba_rejected || reason == FailureClass::password ||
         reason == FailureClass::no_database || reason == FailureClass::tls;
}

}  // namespace

void Backoff::note(const Failure& failure, SteadyTime now, double jitter) {
  const bool again = refusal_ && refusal_->reason == failure.reason;
  reset();
  if (!needs_people(failure.reason)) return;
  pause_ = std::min(kLongestPause, again ? 2 * pause_ : first_);
  const double share = kGreatestShare - jitter * (kGreatestShare - kLeastShare);
  retry_at_ = after(now, share * pause_);
  refusal_ = failure;
}

std::optional<Failure> Backoff::standing(SteadyTime now) const {
  return now < retry_at_ ? refusal_ : std::nullopt;
}

}  // namespace pgrepl
