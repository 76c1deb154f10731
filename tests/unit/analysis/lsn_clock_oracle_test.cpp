// SPDX-License-Identifier: Apache-2.0
// The LSN clock alone, against an oracle that knows the time of every position, and against all
// that its readings prove together: wide readings, overlapping ones, late ones, hearsay, thinning.
// Pairs and whole exporters are the subject of published_lag_oracle_test.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "checks/analysis/lsn_clock.h"
#include "tests/unit/analysis/dice.h"
#include "tests/unit/analysis/from_environment.h"
#include "tests/unit/analysis/proofs.h"

namespace pgrepl::test {
namespace {

constexpr double kRounding = 1e-7;  // seconds: doubles of a few days, far below a microsecond

double seconds(Moment microseconds) { return static_cast<double>(microseconds) / 1e6; }
SteadyTime steady(Moment at) { return SteadyTime(std::chrono::microseconds(at)); }
Lsn lsn(std::int64_t position) { return Lsn(static_cast<std::uint64_t>(position)); }

/// Idle hours, bursts and steady work.
WalHistory random_history(Dice& dice, int steps) {
  WalHistory history(1 + dice.magnitude(40));
  const Moment pace = 1 + dice.magnitude(33);
  for (int i = 0; i < steps; ++i) {
    WalHistory::Step step = history.last();
    step.at = std::max<Moment>(0, step.at) + 1 + dice.up_to(dice.one_in(3) ? 20 : pace);
    step.lsn += 1 + dice.magnitude(26);
    history.write(step);
  }
  return history;
}

/// One clock beside one history.
class Listener {
 public:
  Listener(Dice& dice, const WalHistory& history, std::size_t cap)
      : dice_(dice), history_(history), cap_(cap), clock_("7", 1) {}

  /// What went wrong; empty if nothing did.
  std::string listen(int events) {
    const Moment pace = 1 + 2 * history_.last().at / events;
    for (int i = 0; i < events && fault_.empty(); ++i) {
      now_ += dice_.one_in(10) ? 0 : dice_.up_to(pace);
      happen();
    }
    return fault_;
  }

 private:
  void happen() {
    switch (dice_.up_to(9)) {
      case 0:
        return hear();
      case 1:
        return deliver_late();
      case 2:
      case 3:
      case 4:
        return check();
      default:
        return read();
    }
  }

  Span reading() {
    const Moment began = std::max<Moment>(0, now_ - dice_.magnitude(24));
    return {began, began + dice_.up_to(now_ - began), now_};
  }

  void read() {
    const Span at = reading();
    const Proof proof{history_.position(at.read), at.began, at.ended};
    if (!late_ && dice_.one_in(8)) {
      late_ = proof;
    } else {
      take(proof);
    }
  }

  void deliver_late() {
    if (late_) take(*late_);
    late_.reset();
  }

  void hear() {
    const Moment said = std::max<Moment>(0, now_ - dice_.magnitude(24));
    take({history_.position(said), std::nullopt, now_});
  }

  void take(const Proof& proof) {
    const bool plausible =
        proof.began ? clock_.observe(lsn(proof.lsn), {steady(*proof.began), steady(proof.ended)})
                    : clock_.hear(lsn(proof.lsn), steady(proof.ended));
    if (!plausible) fault_ = "a true reading was called a contradiction";
    proofs_.add(proof);
    const bool thins = clock_.samples().size() >= std::min(cap_, LsnClock::kMaxSamples);
    if (thins) clock_.thin(cap_);
    exact_ = exact_ && !thins;
  }

  void check() {
    const Span at = reading();
    const std::int64_t spread = dice_.either_way(26);
    const std::int64_t replayed = std::max<std::int64_t>(
        history_.start(), history_.position(dice_.up_to(at.read)) + (dice_.one_in(2) ? 0 : spread));
    const LagBounds lag = clock_.lag(lsn(replayed), {steady(at.began), steady(at.ended)});
    if (proofs_.empty()) {
      if (lag != LagBounds{}) fault_ = "something is said although nothing was read";
      return;
    }
    fault_ = complaint_about(lag, replayed, at);
  }

  std::string complaint_about(const LagBounds& lag, std::int64_t replayed, Span at) const {
    const auto since = history_.went_beyond(replayed);
    const double at_begin = since ? std::max(0.0, seconds(at.began - *since)) : 0;
    const double at_end = since ? std::max(0.0, seconds(at.ended - *since)) : 0;
    if (!lag.lower || lag.lower->count() > at_begin + kRounding) return "the lower bound lies";
    if (lag.upper && lag.upper->count() < at_end - kRounding) return "the upper bound lies";
    if (lag.caught_up != (replayed >= proofs_.newest())) return "caught up or not?";
    if (lag.caught_up != (lag.estimate == Seconds{0})) return "0, although bytes are missing";
    if (lag.caught_up) return "";
    const bool leaves_room = lag.upper && *lag.upper > Seconds{0};
    if (lag.estimate.has_value() != leaves_room) return "an estimate, or none";
    if (lag.estimate && (*lag.estimate < *lag.lower || *lag.estimate > *lag.upper))
      return "the estimate is out of bounds";
    return exact_ && !says_all(lag, proofs_.lag(replayed, at)) ? "wider than what was read" : "";
  }

  static bool says_all(const LagBounds& lag, const ProvedLag& proved) {
    if (std::abs(lag.lower->count() - seconds(proved.lower)) > kRounding) return false;
    if (lag.upper.has_value() != proved.upper.has_value()) return false;
    return !proved.upper || std::abs(lag.upper->count() - seconds(*proved.upper)) <= kRounding;
  }

  Dice& dice_;
  const WalHistory& history_;
  std::size_t cap_;
  LsnClock clock_;
  Proofs proofs_;              ///< all that the clock may know
  std::optional<Proof> late_;  ///< a reading on its way
  Moment now_ = 0;
  bool exact_ = true;  ///< nothing was thinned
  std::string fault_;
};

TEST(LsnClockOracle, SaysWhatItsReadingsProveAndNothingElse) {
  const std::uint64_t first = from_environment("PGREPL_ORACLE_SEED", 1);
  const std::uint64_t histories = from_environment("PGREPL_ORACLE_HISTORIES", 30000);
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    const bool is_long = dice.one_in(1500);
    const int events = static_cast<int>(is_long ? 2000 : 20 + dice.up_to(40));
    const WalHistory history = random_history(dice, events);
    const std::size_t cap =
        !is_long && dice.one_in(4) ? 9 + dice.bits() % 5 : LsnClock::kMaxSamples;
    ASSERT_EQ(Listener(dice, history, cap).listen(events), "") << "PGREPL_ORACLE_SEED=" << seed;
  }
}

}  // namespace
}  // namespace pgrepl::test
