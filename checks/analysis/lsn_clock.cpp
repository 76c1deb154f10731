// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/lsn_clock.h"

#include <algorithm>
#include <iterator>
#include <limits>

// Let P(t) be the primary's position at time t; it never decreases.  A standby at R has been
// missing something since c, the moment at which P first went beyond R.  Every sample bounds c for
// some R:
//
//   L >  R:  P(first_seen) >= L > R, so c <= first_seen; the smallest such L says most
//   L <= R:  P(last_seen) <= L <= R, so c >= last_seen;  the greatest such L says most
//
// Each statement is true by itself, so any sample may be forgotten: the remaining ones say less,
// never anything false.
namespace pgrepl {
namespace {

using Samples = std::vector<LsnSample>;

/// Whether somebody knew of more already while the primary was still at or before this sample: the
/// two are not one history.
bool contradicts(const LsnSample& sample, SteadyTime known_beyond) {
  return sample.last_seen && *sample.last_seen >= known_beyond;
}

/// Whether two neighbours stand as they do in a clock.
bool ascending(const LsnSample& a, const LsnSample& b) {
  return a.lsn < b.lsn && a.first_seen <= b.first_seen && a.last_seen <= b.last_seen &&
         !contradicts(a, b.first_seen);
}

Samples::const_iterator first_beyond(const Samples& samples, Lsn position) {
  return std::upper_bound(samples.begin(), samples.end(), position,
                          [](Lsn lsn, const LsnSample& sample) { return lsn < sample.lsn; });
}

/// Where within its bracket the standby stands: 1 at the beginning, towards 0 at the end; never 0.
double missing_share(Lsn from, Lsn replayed, Lsn to) {
  return static_cast<double>(wal_distance(replayed, to)) /
         static_cast<double>(wal_distance(from, to));
}

/// When a sample was read last, as far as the rate is concerned.
SteadyTime newest_reading(const LsnSample& sample) {
  return std::max(sample.first_seen, sample.last_seen.value_or(sample.first_seen));
}

}  // namespace

bool LsnClock::observe(Lsn position, ReadingSpan read) {
  const LsnSample proof{position, read.ended, read.began};
  const auto beyond = first_beyond(samples_, position);
  const bool went_backwards = beyond != samples_.end() && contradicts(proof, beyond->first_seen);
  if (went_backwards) samples_.clear();
  return insert(proof) && !went_backwards;
}

bool LsnClock::hear(Lsn position, SteadyTime by) { return insert({position, by, std::nullopt}); }

bool LsnClock::insert(const LsnSample& proof) {
  auto place = std::lower_bound(samples_.begin(), samples_.end(), proof.lsn,
                                [](const LsnSample& sample, Lsn lsn) { return sample.lsn < lsn; });
  const LsnSample* before = place == samples_.begin() ? nullptr : &*std::prev(place);
  if (before && contradicts(*before, proof.first_seen)) return false;

  if (place == samples_.end() || place->lsn != proof.lsn) {
    LsnSample sample = proof;
    if (before) sample.last_seen = std::max(sample.last_seen, before->last_seen);
    if (place != samples_.end()) sample.first_seen = std::min(sample.first_seen, place->first_seen);
    place = samples_.insert(place, sample);
  }
  // Who was at or beyond a position by then was beyond all that lie before it; who was at or before
  // a position, at or before all that lie beyond it.
  for (auto at = std::make_reverse_iterator(std::next(place));
       at != samples_.rend() && at->first_seen >= proof.first_seen; ++at) {
    at->first_seen = proof.first_seen;
  }
  for (auto at = place; at != samples_.end() && at->last_seen <= proof.last_seen; ++at) {
    at->last_seen = proof.last_seen;
  }
  thin(kMaxSamples);
  return true;
}

LagBounds LsnClock::lag(Lsn replayed, ReadingSpan read) const {
  if (samples_.empty()) return {};
  const auto beyond = first_beyond(samples_, replayed);
  const LsnSample* next = beyond == samples_.end() ? nullptr : &*beyond;
  const LsnSample* reached = beyond == samples_.begin() ? nullptr : &*std::prev(beyond);

  LagBounds bounds;
  bounds.lower = next ? std::max(Seconds{0}, elapsed(next->first_seen, read.began)) : Seconds{0};
  if (reached && reached->last_seen) {
    bounds.upper = std::max(Seconds{0}, elapsed(*reached->last_seen, read.ended));
  }

  bounds.caught_up = next == nullptr;
  if (bounds.caught_up) {
    bounds.estimate = Seconds{0};
  } else if (bounds.upper && *bounds.upper > Seconds{0}) {
    const double share = missing_share(reached->lsn, replayed, next->lsn);
    bounds.estimate =
        std::min(*bounds.upper, *bounds.lower + share * (*bounds.upper - *bounds.lower));
  }
  return bounds;
}

std::optional<double> LsnClock::generation_rate(SteadyTime now, Seconds window) const {
  const SteadyTime since = after(now, -window);
  const auto first = std::find_if(samples_.begin(), samples_.end(), [&](const LsnSample& sample) {
    return newest_reading(sample) >= since;
  });
  if (first == samples_.end()) return std::nullopt;
  const Seconds span = elapsed(std::max(first->first_seen, since), newest_reading(samples_.back()));
  if (span < Seconds{1}) return std::nullopt;
  return static_cast<double>(wal_distance(first->lsn, samples_.back().lsn)) / span.count();
}

std::optional<std::int64_t> LsnClock::written_since(SteadyTime moment) const {
  const auto later = std::find_if(samples_.begin(), samples_.end(), [&](const LsnSample& sample) {
    return sample.first_seen > moment;
  });
  if (later == samples_.begin()) return std::nullopt;
  return wal_distance(std::prev(later)->lsn, samples_.back().lsn);
}

LsnClock LsnClock::switched_to(std::uint32_t timeline, Lsn branch,
                               SteadyTime before_promotion) const {
  LsnClock next(system_identifier_, timeline);
  for (const LsnSample& sample : samples_) {
    if (sample.lsn > branch) {
      // The old primary went further than is known to be shared; it was at the branch by then.
      next.hear(branch, sample.first_seen);
      break;
    }
    LsnSample shared = sample;
    // An old primary that lives on may idle at this position long after the new one has left it.
    if (shared.last_seen) shared.last_seen = std::min(*shared.last_seen, before_promotion);
    next.samples_.push_back(shared);
  }
  return next;
}

void LsnClock::thin(std::size_t at_most) {
  while (samples_.size() > std::max(at_most, kNewestKept + 1)) {
    samples_.erase(samples_.begin() + static_cast<std::ptrdiff_t>(least_missed()));
  }
}

std::size_t LsnClock::least_missed() const {
  std::size_t least = 1;
  double least_cost = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i + kNewestKept < samples_.size(); ++i) {
    const LsnSample& before = samples_[i - 1];
    const LsnSample& behind = samples_[i + 1];
    const Seconds bracket =
        elapsed(before.last_seen.value_or(before.first_seen), behind.first_seen);
    const Seconds age = elapsed(behind.first_seen, samples_.back().first_seen);
    const double cost = bracket / age;
    if (cost < least_cost) {
      least_cost = cost;
      least = i;
    }
  }
  return least;
}

LsnClock LsnClock::restored(std::string system_identifier, std::uint32_t timeline,
                            std::vector<LsnSample> samples) {
  LsnClock clock(std::move(system_identifier), timeline);
  const auto disorder =
      std::adjacent_find(samples.begin(), samples.end(),
                         [](const LsnSample& a, const LsnSample& b) { return !ascending(a, b); });
  if (disorder != samples.end()) return clock;
  clock.samples_ = std::move(samples);
  clock.thin(kMaxSamples);
  return clock;
}

}  // namespace pgrepl
