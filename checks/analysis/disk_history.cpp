// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/disk_history.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "checks/analysis/bounded.h"

namespace pgrepl {
namespace {

constexpr std::array kWindows{DiskHistory::kShortestWindow, Seconds{3600}, Seconds{2 * 3600},
                              Seconds{4 * 3600}, DiskHistory::kWindow};

/// Bytes that went per second from one point to a later one.
double rate(const DiskPoint& from, const DiskPoint& to) {
  const Seconds span = elapsed(from.at, to.at);
  if (span <= Seconds{0}) return 0;
  return static_cast<double>(from.most - to.most) / span.count();
}

}  // namespace

void DiskHistory::add(SteadyTime at, std::int64_t available) {
  if (!points_.empty() && at <= points_.back().at) return;
  DiskPoint point{.at = at, .available = available, .most = available};
  const std::size_t count = points_.size();
  const bool joins_the_last =
      count >= 2 && elapsed(points_[count - 2].at, points_[count - 1].at) < kSpacing;
  if (joins_the_last) {
    point.most = std::max(available, points_.back().most);
    points_.back() = point;
  } else {
    points_.push_back(point);
  }
  const SteadyTime oldest = after(at, -(kWindow + 2 * kSpacing));
  std::erase_if(points_, [&](const DiskPoint& old) { return old.at < oldest; });
  keep_newest(points_, kMaxPoints);
}

Seconds DiskHistory::watched() const {
  if (points_.empty()) return Seconds{0};
  return std::min(kWindow, elapsed(points_.front().at, points_.back().at));
}

/// The last point that is not later; the first one if all are.
const DiskPoint& DiskHistory::point_at(SteadyTime moment) const {
  const auto later = std::ranges::upper_bound(points_, moment, {}, &DiskPoint::at);
  return later == points_.begin() ? *later : *std::prev(later);
}

double DiskHistory::filling_rate(Seconds window) const {
  const DiskPoint& last = points_.back();
  const DiskPoint& middle = point_at(after(last.at, -window / 2));
  return std::min(rate(point_at(after(last.at, -window)), middle), rate(middle, last));
}

std::optional<Seconds> DiskHistory::full_in() const {
  for (const Seconds window : kWindows) {
    if (watched() < window) return std::nullopt;
    const double filling = filling_rate(window);
    if (filling <= 0) continue;
    const Seconds full{static_cast<double>(points_.back().available) / filling};
    if (full <= kReach * window) return full;
  }
  return std::nullopt;
}

DiskHistory DiskHistory::restored(std::int64_t size, std::vector<DiskPoint> points) {
  DiskHistory history(size);
  if (!std::ranges::is_sorted(points, {}, &DiskPoint::at)) return history;
  history.points_ = std::move(points);
  keep_newest(history.points_, kMaxPoints);
  return history;
}

}  // namespace pgrepl
