// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/wal_history.h"

#include <algorithm>
#include <limits>

namespace pgrepl::test {
namespace {

constexpr std::int64_t kFourGigabytes = std::int64_t{1} << 32;

}  // namespace

WalHistory WalHistory::random(Dice& dice, Moment end, int steps) {
  WalHistory history;
  const std::int64_t start =
      dice.one_in(3) ? kFourGigabytes - dice.magnitude(24) : dice.magnitude(40);
  std::optional<Moment> committed;
  if (dice.one_in(2)) committed = -dice.magnitude(40);
  history.steps_.push_back({std::numeric_limits<Moment>::min(), start, committed});
  history.grow(dice, end, steps);
  return history;
}

WalHistory WalHistory::branched(Dice& dice, Moment promotion, std::int64_t branch, Moment end,
                                int steps) const {
  WalHistory history;
  for (const Step& step : steps_) {
    if (step.at >= promotion || step.lsn > branch) break;
    history.steps_.push_back(step);
  }
  // The old primary passed the branch in a stride: what the two share reached up to it then.
  const auto passed = went_beyond(branch);
  if (passed && *passed < promotion && history.steps_.back().lsn < branch) {
    history.steps_.push_back({*passed, branch, history.steps_.back().committed});
  }
  const Step& last = history.steps_.back();
  history.steps_.push_back({promotion, std::max(branch, last.lsn) + 1, last.committed});
  history.grow(dice, end, steps);
  return history;
}

void WalHistory::grow(Dice& dice, Moment end, int steps) {
  Step now = steps_.back();
  now.at = std::max<Moment>(0, now.at);
  const Moment pace = std::max<Moment>(1, (end - now.at) / steps);
  for (int i = 0; i < steps && now.at < end; ++i) {
    const bool burst = dice.one_in(3);
    now.at += 1 + dice.up_to(burst ? 20 : 2 * pace);
    now.lsn += 1 + dice.magnitude(26);
    // A transaction takes its time before it writes its commit, and others may overtake it.
    if (dice.one_in(2)) now.committed = now.at - dice.magnitude(20);
    steps_.push_back(now);
  }
  end_ = end;
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

std::int64_t Replay::position(Moment at) {
  const std::int64_t available = std::min(limit_, primary_.position(at));
  position_ = std::max(position_, primary_.position(0));
  if (available <= position_ || dice_.one_in(4)) return position_;  // nothing new, or paused
  position_ = dice_.one_in(2) ? available : position_ + dice_.up_to(available - position_);
  return position_;
}

}  // namespace pgrepl::test
