// SPDX-License-Identifier: Apache-2.0
// The LSN clock against an oracle that knows the time of every position.  Random histories of a
// primary are watched by exporters that see only readings: wide ones, overlapping ones, late ones,
// hearsay; through outages, restarts with and without a reboot, calendar jumps, a promotion, and
// thinning.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "checks/analysis/memory.h"
#include "tests/unit/analysis/dice.h"
#include "tests/unit/analysis/wal_history.h"

namespace pgrepl::test {
namespace {

constexpr double kRounding = 1e-7;  // seconds: doubles of a few days, far below a microsecond
constexpr std::size_t kUnlimited = LsnClock::kMaxSamples;

/// How often what happened, so that the test can prove that it tested something.
struct Tally {
  std::int64_t checks = 0, caught_up = 0, late = 0, open_ended = 0, exact = 0;
  std::int64_t restarts = 0, doubtful_restarts = 0, lost_by_calendar = 0;
  std::int64_t switches_known = 0, switches_unknown = 0, thinned = 0, hearsay = 0;
};

struct Scenario {
  WalHistory before, after;  ///< of the old and, from the promotion on, of the new primary
  std::optional<Moment> promotion;
  std::int64_t branch = 0;
  int events = 0;
  std::size_t cap = kUnlimited;
};

struct Span {
  Moment began, read, ended;
};

/// What a reading proved; `began` is absent for hearsay.
struct Proof {
  std::int64_t lsn;
  std::optional<Moment> began;
  Moment ended;
};

/// One exporter's life beside a history.
class Exporter {
 public:
  Exporter(Dice& dice, const Scenario& scenario, Tally& tally)
      : dice_(dice),
        scenario_(scenario),
        tally_(tally),
        standby_(dice, scenario.after, std::numeric_limits<std::int64_t>::max()),
        candidate_(dice, scenario.before, scenario.branch),
        steady_offset_(dice.magnitude(40)),
        wall_offset_(dice.magnitude(50)) {
    memory_.clocks.emplace_back("7", 1);
  }

  /// What went wrong; empty if nothing did.
  std::string live() {
    const Moment pace = 1 + scenario_.after.end() / scenario_.events;
    for (int i = 0; i < scenario_.events && fault_.empty(); ++i) {
      now_ += dice_.one_in(10) ? 0 : dice_.up_to(2 * pace);
      happen();
    }
    return fault_;
  }

 private:
  LsnClock& clock() { return memory_.clocks.front(); }
  const WalHistory& truth() const { return switched_ ? scenario_.after : scenario_.before; }
  bool promoted(Moment at) const { return scenario_.promotion && at >= *scenario_.promotion; }

  SteadyTime steady(Moment at) const {
    return SteadyTime(std::chrono::microseconds(at + steady_offset_));
  }
  ReadingSpan span(Span at) const { return {steady(at.began), steady(at.ended)}; }
  Instant instant() const {
    return {.steady = steady(now_),
            .wall = WallTime(std::chrono::microseconds(now_ + wall_offset_))};
  }

  /// A reading that ends now; none reaches back behind the exporter's own start.
  Span reading(Moment not_before = 0) {
    const Moment began = std::max(started_, now_ - dice_.magnitude(24));
    const Moment earliest = std::max(began, not_before);
    return {began, earliest + dice_.up_to(std::max<Moment>(0, now_ - earliest)), now_};
  }

  void happen() {
    pass_time(primary_reachable_);
    pass_time(standby_reachable_);
    const std::int64_t kind = dice_.up_to(199);
    if (kind < 1) return restart();
    if (kind < 6) return jump_calendar();
    if (kind < 18) return hear();
    if (kind < 30) return read_candidate();
    if (kind < 42) return deliver_late();
    if (kind < 140 && primary_reachable_) return read_primary();
    if (kind >= 140 && standby_reachable_) return check_standby();
  }

  void pass_time(bool& reachable) {
    if (dice_.one_in(reachable ? 30 : 4)) reachable = !reachable;
  }

  void jump_calendar() { wall_offset_ += dice_.magnitude(40) * (dice_.one_in(2) ? 1 : -1); }

  void read_primary() {
    const Span at = reading();
    if (promoted(at.read) && (switched_ || dice_.one_in(2))) {
      if (!switched_) switch_over(scenario_.after.position(at.read));
    } else if (switched_) {
      return;  // a reading from before the promotion: it belongs to the old clock
    }
    const Proof proof{truth().position(at.read), at.began, at.ended};
    if (!late_ && dice_.one_in(8)) {
      late_ = proof;
    } else {
      take(proof);
    }
  }

  void deliver_late() {
    if (!late_) return;
    take(*late_);
    late_.reset();
  }

  void hear() {
    if (promoted(now_) && !switched_) return;
    const Moment said = std::max<Moment>(0, now_ - dice_.magnitude(24));
    take({truth().position(said), std::nullopt, now_});
    ++tally_.hearsay;
  }

  void take(const Proof& proof) {
    const Lsn lsn(static_cast<std::uint64_t>(proof.lsn));
    const bool plausible = proof.began
                               ? clock().observe(lsn, {steady(*proof.began), steady(proof.ended)})
                               : clock().hear(lsn, steady(proof.ended));
    if (!plausible) fault_ = "a true reading was called a contradiction";
    proofs_.push_back(proof);
    if (clock().samples().size() <= scenario_.cap && proofs_.size() <= kUnlimited) return;
    clock().thin(scenario_.cap);
    exact_ = false;
    thinned_ = true;
    ++tally_.thinned;
  }

  void read_candidate() {
    const Span at = reading(candidate_read_);
    if (promoted(at.read)) return;
    candidate_read_ = at.read;
    memory_.last_replayed["b"] = {
        .system_identifier = "7",
        .timeline = 1,
        .lsn = Lsn(static_cast<std::uint64_t>(candidate_.position(at.read))),
        .read_began = steady(at.began)};
  }

  void switch_over(std::int64_t first_position) {
    switched_ = true;
    exact_ = false;
    late_.reset();
    const auto seen = memory_.last_replayed.find("b");
    if (seen == memory_.last_replayed.end()) {
      clock() = LsnClock("7", 2);
      proofs_.clear();
      ++tally_.switches_unknown;
      return;
    }
    const Lsn branch = std::min(seen->second.lsn, Lsn(static_cast<std::uint64_t>(first_position)));
    clock() = clock().switched_to(2, branch, seen->second.read_began);
    for (Proof& proof : proofs_) {
      proof.lsn = std::min(proof.lsn, static_cast<std::int64_t>(branch.bytes()));
    }
    ++tally_.switches_known;
  }

  /// The process ends and starts again; what it knows goes through the store.  A calendar that is
  /// set back during a reboot is the one thing that cannot be noticed, unless it is set back beyond
  /// the end.
  void restart() {
    const std::string stored = encode_memory(memory_, instant());
    const Instant end = instant();
    const Moment away = dice_.magnitude(34);
    now_ += away;
    started_ = now_;
    late_.reset();
    const bool reboot = dice_.one_in(3);
    if (reboot) steady_offset_ = dice_.up_to(away) - now_;
    if (dice_.one_in(3)) wall_offset_ += dice_.magnitude(38);
    if (dice_.one_in(6)) wall_offset_ -= reboot ? (std::int64_t{1} << 40) : dice_.magnitude(36);

    const Result<ClusterMemory, std::string> restored = decode_memory(stored, instant());
    if (!restored) {
      fault_ = restored.error();
      return;
    }
    memory_ = *restored;
    const auto by_calendar = instant().wall - end.wall;
    const bool agreed = by_calendar == instant().steady - end.steady;
    ++(agreed ? tally_.restarts : tally_.doubtful_restarts);
    if (!agreed) exact_ = false;
    if (by_calendar < by_calendar.zero()) {
      ++tally_.lost_by_calendar;
      proofs_.clear();
    }
  }

  void check_standby() {
    const Span at = reading(standby_read_);
    if (promoted(at.read) && !switched_) return;  // it may be on another timeline than the clock
    standby_read_ = at.read;
    const std::int64_t replayed = standby_.position(at.read);
    const LagBounds lag = clock().lag(Lsn(static_cast<std::uint64_t>(replayed)), span(at));
    const std::string complaint = complaint_about(lag, replayed, at);
    if (complaint.empty()) return;
    std::ostringstream text;
    text << complaint << ": standby at " << replayed << ", read " << at.began << " to " << at.ended
         << "; caught up " << lag.caught_up;
    const auto show = [&](const char* name, std::optional<Seconds> value) {
      if (value) text << ", " << name << ' ' << value->count();
    };
    show("lower", lag.lower);
    show("estimate", lag.estimate);
    show("upper", lag.upper);
    fault_ = text.str();
  }

  std::string complaint_about(const LagBounds& lag, std::int64_t replayed, Span at) {
    ++tally_.checks;
    if (proofs_.empty()) {
      return lag == LagBounds{} ? "" : "something is said although nothing was read";
    }
    if (!lag.lower) return "no lower bound";
    const auto beyond = truth().went_beyond(replayed);
    // The strict statements: they imply that the lag at every moment of the reading lies in
    // between.
    const double at_begin = beyond ? std::max(0.0, seconds(at.began - *beyond)) : 0;
    const double at_end = beyond ? std::max(0.0, seconds(at.ended - *beyond)) : 0;
    if (lag.lower->count() > at_begin + kRounding) return "the lower bound lies";
    if (lag.upper && lag.upper->count() < at_end - kRounding) return "the upper bound lies";
    if (remembers_all_since(at.began) && lag.caught_up != was_caught_up(replayed, at.began)) {
      return "caught up or not?";
    }
    if (exact_ && !says_all(lag, replayed, at)) return "the bounds are wider than what was read";
    ++(lag.caught_up ? tally_.caught_up : tally_.late);
    if (!lag.upper) ++tally_.open_ended;
    if (exact_) ++tally_.exact;
    return complaint_about_estimate(lag);
  }

  static std::string complaint_about_estimate(const LagBounds& lag) {
    if (lag.caught_up && lag.estimate != Seconds{0}) return "caught up, but the estimate is not 0";
    if (lag.caught_up) return "";
    if (lag.estimate.has_value() != lag.upper.has_value())
      return "an estimate goes with an upper bound";
    if (!lag.estimate) return "";
    if (*lag.estimate <= Seconds{0}) return "bytes are missing, but the estimate is 0";
    if (*lag.estimate < *lag.lower || *lag.estimate > *lag.upper)
      return "the estimate is out of bounds";
    return "";
  }

  static double seconds(Moment microseconds) { return static_cast<double>(microseconds) / 1e6; }

  /// By the definition: it has the newest position whose reading had ended before its own began, or
  /// all.
  bool was_caught_up(std::int64_t replayed, Moment began) const {
    std::optional<std::int64_t> newest_before;
    std::int64_t newest = 0;
    for (const Proof& proof : proofs_) {
      newest = std::max(newest, proof.lsn);
      if (proof.ended <= began) newest_before = std::max(newest_before.value_or(0), proof.lsn);
    }
    return replayed >= newest || (newest_before && replayed >= *newest_before);
  }

  /// Thinning leaves the newest samples alone.  Only a reading during which more of them came may
  /// miss what was known when it began.
  bool remembers_all_since(Moment began) const {
    const auto later = std::count_if(proofs_.begin(), proofs_.end(),
                                     [&](const Proof& proof) { return proof.ended > began; });
    return !thinned_ || later < static_cast<std::ptrdiff_t>(LsnClock::kNewestKept);
  }

  /// Whether the bounds are the best that all readings together allow.
  bool says_all(const LagBounds& lag, std::int64_t replayed, Span at) const {
    Moment lower = 0;
    std::optional<Moment> upper;
    for (const Proof& proof : proofs_) {
      if (proof.lsn > replayed) {
        lower = std::max(lower, at.began - proof.ended);
      } else if (proof.began) {
        upper = std::min(upper.value_or(at.ended - *proof.began), at.ended - *proof.began);
      }
    }
    if (std::abs(lag.lower->count() - seconds(lower)) > kRounding) return false;
    if (lag.upper.has_value() != upper.has_value()) return false;
    return !upper || std::abs(lag.upper->count() - seconds(*upper)) <= kRounding;
  }

  Dice& dice_;
  const Scenario& scenario_;
  Tally& tally_;
  Replay standby_, candidate_;
  Moment steady_offset_, wall_offset_;
  ClusterMemory memory_;
  std::vector<Proof> proofs_;  ///< all that the clock may know
  std::optional<Proof> late_;  ///< a reading on its way
  Moment now_ = 1000000, started_ = 0, standby_read_ = 0, candidate_read_ = 0;
  bool primary_reachable_ = true, standby_reachable_ = true, switched_ = false;
  bool thinned_ = false;
  bool exact_ = true;  ///< nothing has happened that may widen a bracket
  std::string fault_;
};

Scenario random_scenario(Dice& dice) {
  Scenario scenario;
  const bool is_long = dice.one_in(1500);
  scenario.events = static_cast<int>(is_long ? 2000 : 20 + dice.up_to(40));
  const bool capped = !is_long && dice.one_in(4);
  if (capped) scenario.cap = 9 + static_cast<std::size_t>(dice.up_to(4));
  const int steps = static_cast<int>(is_long ? 2000 : capped ? 60 : 1 + dice.up_to(40));
  const Moment end = 2000000 + dice.magnitude(36);
  scenario.before = scenario.after = WalHistory::random(dice, end, steps);
  if (!dice.one_in(3)) return scenario;
  scenario.promotion = 1500000 + dice.up_to(end - 1500000);
  const std::int64_t reached = scenario.before.position(*scenario.promotion - 1);
  scenario.branch = dice.one_in(3)
                        ? reached
                        : std::max(scenario.before.position(0), reached - dice.magnitude(28));
  scenario.after = scenario.before.branched(dice, *scenario.promotion, scenario.branch, end, steps);
  return scenario;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(LsnClockOracle, TheTrueLagLiesWithinTheBoundsOfEveryHistory) {
  const std::uint64_t first = from_environment("PGREPL_ORACLE_SEED", 1);
  const std::uint64_t histories = from_environment("PGREPL_ORACLE_HISTORIES", 100000);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    const Scenario scenario = random_scenario(dice);
    for (int exporter = 0; exporter < (dice.one_in(4) ? 2 : 1); ++exporter) {
      const std::string fault = Exporter(dice, scenario, tally).live();
      ASSERT_EQ(fault, "") << "PGREPL_ORACLE_SEED=" << seed << " PGREPL_ORACLE_HISTORIES=1";
    }
  }
  std::cout << tally.checks << " checks: " << tally.caught_up << " caught up, " << tally.late
            << " late, " << tally.open_ended << " without upper bound, " << tally.exact
            << " exact; " << tally.restarts << " + " << tally.doubtful_restarts << " restarts ("
            << tally.lost_by_calendar << " lost), " << tally.switches_known << " + "
            << tally.switches_unknown << " switches, " << tally.thinned << " thinned, "
            << tally.hearsay << " hearsay; seeds from " << first << '\n';
  if (histories < 1000) return;
  for (const std::int64_t count :
       {tally.caught_up, tally.late, tally.open_ended, tally.exact, tally.restarts,
        tally.doubtful_restarts, tally.lost_by_calendar, tally.switches_known,
        tally.switches_unknown, tally.thinned, tally.hearsay}) {
    EXPECT_GT(count, static_cast<std::int64_t>(histories) / 100) << "a kind of event is missing";
  }
}

}  // namespace
}  // namespace pgrepl::test
