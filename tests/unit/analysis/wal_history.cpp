// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/wal_history.h"

#include <algorithm>
#include <limits>

namespace pgrepl::test {

WalHistory::WalHistory(std::int64_t start, std::optional<Moment> committed)
    : steps_{{std::numeric_limits<Moment>::min(), start, committed}} {}

void WalHistory::cut_beyond(std::int64_t branch) {
  const auto beyond = first_beyond(branch);
  if (beyond == steps_.end() || beyond == steps_.begin()) return;
  const Step reached{beyond->at, branch, std::prev(beyond)->committed};
  steps_.erase(beyond, steps_.end());
  if (steps_.back().lsn < branch) steps_.push_back(reached);
}

std::int64_t WalHistory::position(Moment at) const {
  const auto later = std::upper_bound(steps_.begin(), steps_.end(), at,
                                      [](Moment m, const Step& step) { return m < step.at; });
  return std::prev(later)->lsn;
}

std::vector<WalHistory::Step>::const_iterator WalHistory::first_beyond(std::int64_t lsn) const {
  return std::upper_bound(steps_.begin(), steps_.end(), lsn,
                          [](std::int64_t l, const Step& step) { return l < step.lsn; });
}

std::optional<Moment> WalHistory::went_beyond(std::int64_t lsn) const {
  const auto beyond = first_beyond(lsn);
  if (beyond == steps_.end()) return std::nullopt;
  return beyond->at;
}

std::optional<Moment> WalHistory::last_commit(std::int64_t lsn) const {
  const auto beyond = first_beyond(lsn);
  return beyond == steps_.begin() ? std::nullopt : std::prev(beyond)->committed;
}

}  // namespace pgrepl::test
