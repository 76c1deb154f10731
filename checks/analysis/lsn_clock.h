// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/base/lsn.h"
#include "checks/base/time.h"
#include "checks/model/node_snapshot.h"

namespace pgrepl {

/// A position of the primary, and what is known of when it was there.  A reading that began at b,
/// ended at e and gave L proves two things, because the position only grows: the primary was at or
/// before L at b, and at or beyond L at e.
struct LsnSample {
  Lsn lsn;
  SteadyTime
      first_seen;  ///< at or beyond `lsn` by then: end of the first reading that gave it or more
  std::optional<SteadyTime>
      last_seen;  ///< at or before `lsn` until then: beginning of the last reading
                  ///< that gave it or less; absent: there is none, only hearsay

  bool operator==(const LsnSample&) const = default;
};

/// How long a standby has been missing something: an interval, because positions are only sampled.
struct LagBounds {
  bool caught_up = false;  ///< it has everything that is known of
  /// 0 only if it is proved that nothing is missing, else > 0 and between the bounds.
  std::optional<Seconds> estimate;
  std::optional<Seconds> lower;
  std::optional<Seconds> upper;  ///< absent: nothing proves one

  bool operator==(const LagBounds&) const = default;
};

/// Remembers when the primary was at which WAL position, and answers since when a standby at some
/// position has been missing something.  Belongs to one (system identifier, timeline).  Bounded: at
/// most kMaxSamples; thinning widens a bracket and never moves it.  A value: copied, compared,
/// stored.
class LsnClock {
 public:
  static constexpr std::size_t kMaxSamples = 512;

  /// Thinning leaves so many of the newest alone: what the last polls have seen stays exact.
  static constexpr std::size_t kNewestKept = 8;

  LsnClock() = default;
  LsnClock(std::string system_identifier, std::uint32_t timeline)
      : system_identifier_(std::move(system_identifier)), timeline_(timeline) {}

  const std::string& system_identifier() const { return system_identifier_; }
  std::uint32_t timeline() const { return timeline_; }

  /// Ascending by position, first_seen and last_seen: readings that came out of order are kept
  /// where they belong, and what one of them proves of its neighbours is written there.
  const std::vector<LsnSample>& samples() const { return samples_; }

  /// Takes a reading of the primary's flushed position.  False if it contradicts what is known (a
  /// later reading showed less): that is not the same history.  Then the later one stands: this
  /// one, and everything before is forgotten; or, where this one came late, what is known, and this
  /// one is ignored.
  bool observe(Lsn position, ReadingSpan read);

  /// Takes hearsay: somebody knew at `by` that the primary had reached `position`.  It says nothing
  /// about how far beyond the primary was.  False, and ignored, if a later reading showed less.
  bool hear(Lsn position, SteadyTime by);

  /// The lag of a standby whose replay position was read in `read`.  All three are absent while
  /// nothing has been observed, and `upper` and `estimate` of a position older than everything that
  /// is remembered.  The true lag was at least `lower` when the reading began, and at most `upper`
  /// when it ended.  `estimate` is 0 once it has all that is known, however old that knowledge is.
  LagBounds lag(Lsn replayed, ReadingSpan read) const;

  /// WAL written per second over the samples not older than `window`; absent below two readings or
  /// less than a second between them.  Unit: bytes/s, >= 0.
  std::optional<double> generation_rate(SteadyTime now, Seconds window) const;

  /// WAL written since a moment, and not more than that; absent if the clock does not reach so far
  /// back.  Unit: bytes, >= 0.
  std::optional<std::int64_t> written_since(SteadyTime moment) const;

  /// The clock of the timeline that branches off at or after `branch`, where the new primary had
  /// not been promoted yet at `before_promotion`.  What is known of positions up to there carries
  /// over.
  LsnClock switched_to(std::uint32_t timeline, Lsn branch, SteadyTime before_promotion) const;

  /// Forgets samples until `at_most` are left: first those whose loss widens a bracket least in
  /// relation to its age, so that the present stays sharp.  The oldest and the kNewestKept newest
  /// always stay.
  void thin(std::size_t at_most);

  /// Puts stored samples back (ascending, as samples() gave them); anything else leaves the clock
  /// empty.
  static LsnClock restored(std::string system_identifier, std::uint32_t timeline,
                           std::vector<LsnSample> samples);

  bool operator==(const LsnClock&) const = default;

 private:
  bool insert(const LsnSample& proof);
  std::size_t least_missed() const;

  std::string system_identifier_;
  std::uint32_t timeline_ = 0;
  std::vector<LsnSample> samples_;
};

}  // namespace pgrepl
