// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lag_history.h"

#include <algorithm>

#include "checks/analysis/bounded.h"

namespace pgrepl {
namespace {

constexpr Seconds kRateWindow{60};
constexpr int kQuarters = 4;

bool before(const LagPoint& a, const LagPoint& b) { return a.at < b.at; }

}  // namespace

void LagHistory::add(SteadyTime at, Lsn replayed, std::int64_t missing) {
  if (!points_.empty() && at <= points_.back().at) return;
  LagPoint point{.at = at, .replayed = replayed, .missing = missing, .lowest = missing};
  const std::size_t count = points_.size();
  const bool joins_the_last =
      count >= 2 && elapsed(points_[count - 2].at, points_[count - 1].at) < kSpacing;
  if (joins_the_last) {
    point.lowest = std::min(missing, points_.back().lowest);
    points_.back() = point;
  } else {
    points_.push_back(point);
  }
  const SteadyTime oldest = after(at, -(kWindow + 2 * kSpacing));
  std::erase_if(points_, [&](const LagPoint& old) { return old.at < oldest; });
  keep_newest(points_, kMaxPoints);
}

const LagPoint* LagHistory::a_minute_ago() const {
  if (points_.empty()) return nullptr;
  const SteadyTime since = after(points_.back().at, -kRateWindow);
  const auto first =
      std::ranges::find_if(points_, [&](const LagPoint& point) { return point.at >= since; });
  return elapsed(first->at, points_.back().at) < kRateWindow / kQuarters ? nullptr : &*first;
}

std::optional<double> LagHistory::growth() const {
  const LagPoint* first = a_minute_ago();
  if (first == nullptr) return std::nullopt;
  const LagPoint& last = points_.back();
  return static_cast<double>(last.missing - first->missing) / elapsed(first->at, last.at).count();
}

std::optional<double> LagHistory::replay_rate() const {
  const LagPoint* first = a_minute_ago();
  if (first == nullptr) return std::nullopt;
  const LagPoint& last = points_.back();
  return static_cast<double>(wal_distance(first->replayed, last.replayed)) /
         elapsed(first->at, last.at).count();
}

std::optional<std::int64_t> LagHistory::lowest_between(SteadyTime from, SteadyTime to) const {
  std::optional<std::int64_t> lowest;
  for (const LagPoint& point : points_) {
    if (point.at <= from || point.at > to) continue;
    lowest = std::min(lowest.value_or(point.lowest), point.lowest);
  }
  return lowest;
}

bool LagHistory::grows_over(Seconds window) const {
  if (points_.empty()) return false;
  const SteadyTime begin = after(points_.back().at, -window);
  if (points_.front().at > begin) return false;
  std::optional<std::int64_t> low;
  for (int i = 0; i < kQuarters; ++i) {
    const auto next = lowest_between(after(begin, i * window / kQuarters),
                                     after(begin, (i + 1) * window / kQuarters));
    if (!next || (low && *next <= *low)) return false;
    low = next;
  }
  return true;
}

Seconds LagHistory::growing_for() const {
  if (!grows_over(kShortestGrowth)) return Seconds{0};
  Seconds longest = kShortestGrowth;
  for (Seconds window = kShortestGrowth; window <= kWindow; window += kSpacing) {
    if (grows_over(window)) longest = window;
  }
  return longest;
}

LagHistory LagHistory::restored(std::uint32_t timeline, std::vector<LagPoint> points) {
  LagHistory history(timeline);
  if (!std::ranges::is_sorted(points, before)) return history;
  history.points_ = std::move(points);
  keep_newest(history.points_, kMaxPoints);
  return history;
}

}  // namespace pgrepl
