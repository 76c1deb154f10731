// SPDX-License-Identifier: Apache-2.0
// The lag that is published, against an oracle that knows the time of every position.  Random
// histories of a primary are watched by exporters that see only readings: wide ones, overlapping
// ones, late ones, hearsay; through outages, restarts with and without a reboot, calendar jumps, a
// promotion, and thinning.
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

#include "checks/analysis/lag.h"
#include "checks/analysis/memory.h"
#include "tests/unit/analysis/dice.h"
#include "tests/unit/analysis/proofs.h"
#include "tests/unit/analysis/scenario.h"

namespace pgrepl::test {
namespace {

constexpr double kRounding = 1e-7;  // seconds: doubles of a few days, far below a microsecond

/// How often what happened, so that the test can prove that it tested something.
struct Tally {
  std::int64_t checks = 0, caught_up = 0, withdrawn = 0, late = 0, exact = 0;
  std::int64_t open_ended = 0, ended_by_commit = 0;
  std::int64_t restarts = 0, doubtful_restarts = 0, lost_by_calendar = 0;
  std::int64_t switches_known = 0, switches_unknown = 0, thinned = 0, hearsay = 0;
};

/// What the standby's server says in one reading, and whether that poll has seen its upstream.
struct Look {
  Span at;
  std::int64_t replayed;
  std::optional<Moment> committed;  ///< time of the last replayed commit; absent: it names none
  bool fresh;
};

/// A streaming standby of system "7" with nothing read yet.
NodeSnapshot a_standby() {
  NodeState state;
  state.in_recovery = true;
  state.system_identifier = "7";
  state.timeline = 1;
  state.wal_receiver.emplace().status = "streaming";
  return {.name = "b", .state = std::move(state)};
}

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
    proofs_.add(proof);
    if (clock().samples().size() <= scenario_.cap && proofs_.size() <= Scenario::kUnlimited) return;
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
      proofs_.forget();
      ++tally_.switches_unknown;
      return;
    }
    const Lsn branch = std::min(seen->second.lsn, Lsn(static_cast<std::uint64_t>(first_position)));
    clock() = clock().switched_to(2, branch, seen->second.read_began);
    proofs_.cut_at(static_cast<std::int64_t>(branch.bytes()));
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
      proofs_.forget();
    }
  }

  void check_standby() {
    const Span at = reading(standby_read_);
    if (promoted(at.read) && !switched_) return;  // it may be on another timeline than the clock
    standby_read_ = at.read;
    const std::int64_t replayed = standby_.position(at.read);
    // A server that has restarted names no commit until it has replayed one.
    const auto committed = dice_.one_in(3) ? std::nullopt : scenario_.after.last_commit(replayed);
    const Look look{at, replayed, committed, !dice_.one_in(3)};
    const StandbyLag lag = published(look);
    const std::string complaint = complaint_about(lag, look);
    if (!complaint.empty()) fault_ = describe(complaint, lag, look);
  }

  bool on_old_timeline(const Look& look) const {
    return !scenario_.promotion || look.replayed <= scenario_.branch;
  }

  StandbyLag published(const Look& look) {
    NodeState& said = *node_.state;
    said.timeline = on_old_timeline(look) ? 1 : 2;
    said.replay_lsn = Lsn(static_cast<std::uint64_t>(look.replayed));
    said.position_read = span(look.at);
    said.last_xact_replay_age.reset();
    if (look.committed)
      said.last_xact_replay_age = Seconds{seconds(look.at.read - *look.committed)};
    return standby_lag(node_, {},
                       {.clock = &clock(), .position = std::nullopt, .fresh = look.fresh});
  }

  static std::string describe(const std::string& complaint, const StandbyLag& lag,
                              const Look& look) {
    std::ostringstream text;
    text << complaint << ": standby at " << look.replayed << ", read " << look.at.began << " to "
         << look.at.ended << (look.fresh ? ", fresh" : "") << "; " << to_string(lag.state);
    const auto show = [&](const char* name, std::optional<Seconds> value) {
      if (value) text << ", " << name << ' ' << value->count();
    };
    if (look.committed) show("last commit", Seconds{seconds(look.at.read - *look.committed)});
    show("lower", lag.time.lower);
    show("estimate", lag.time.estimate);
    show("upper", lag.time.upper);
    return text.str();
  }

  std::string complaint_about(const StandbyLag& published, const Look& look) {
    const LagBounds& lag = published.time;
    ++tally_.checks;
    if (proofs_.empty()) {
      return lag == LagBounds{} ? "" : "something is said although nothing was read";
    }
    const bool has_all = proofs_.caught_up(look.replayed, look.at.began);
    if (switched_ && on_old_timeline(look) && has_all && lag == LagBounds{}) return "";
    if (!lag.lower) return "no lower bound";
    if (!is_true(lag, look)) return "the bounds lie";
    if ((published.state == LagState::caught_up) != lag.caught_up) return "the state is another";
    if (lag.caught_up && !look.fresh) return "caught up, although nobody has looked";
    const bool remembers_all = remembers_all_since(look.at.began);
    if (remembers_all && look.fresh && lag.caught_up != has_all) return "caught up or not?";
    if (exact_ && !says_all(lag, look)) return "the bounds are wider than what was read";
    const bool withdrawn = has_all && !look.fresh;
    ++(lag.caught_up ? tally_.caught_up : withdrawn ? tally_.withdrawn : tally_.late);
    if (!lag.upper) ++tally_.open_ended;
    if (exact_) ++tally_.exact;
    if (remembers_all && withdrawn && lag.estimate) return "an estimate, although nothing is known";
    const bool must_estimate = remembers_all ? !withdrawn : look.fresh;
    return complaint_about_estimate(lag, must_estimate);
  }

  /// The strict statements: they imply that the lag at every moment of the reading lies in between.
  bool is_true(const LagBounds& lag, const Look& look) const {
    const auto beyond = truth().went_beyond(look.replayed);
    const double at_begin = beyond ? std::max(0.0, seconds(look.at.began - *beyond)) : 0;
    const double at_end = beyond ? std::max(0.0, seconds(look.at.ended - *beyond)) : 0;
    return lag.lower->count() <= at_begin + kRounding &&
           (!lag.upper || lag.upper->count() >= at_end - kRounding);
  }

  static std::string complaint_about_estimate(const LagBounds& lag, bool must_estimate) {
    if (lag.caught_up && lag.estimate != Seconds{0}) return "caught up, but the estimate is not 0";
    if (lag.caught_up) return "";
    if (lag.estimate && !lag.upper) return "an estimate without an upper bound";
    if (must_estimate && lag.upper && !lag.estimate) return "no estimate between two bounds";
    if (!lag.estimate) return "";
    if (*lag.estimate <= Seconds{0}) return "bytes are missing, but the estimate is 0";
    if (*lag.estimate < *lag.lower || *lag.estimate > *lag.upper)
      return "the estimate is out of bounds";
    return "";
  }

  static double seconds(Moment microseconds) { return static_cast<double>(microseconds) / 1e6; }

  /// Thinning leaves the newest samples alone.  Only a reading during which more of them came may
  /// miss what was known when it began.
  bool remembers_all_since(Moment began) const {
    return !thinned_ || proofs_.later_than(began) < LsnClock::kNewestKept;
  }

  /// Whether the bounds are the best that all readings together allow.
  bool says_all(const LagBounds& lag, const Look& look) {
    ProvedLag proved = proofs_.lag(look.replayed, look.at);
    if (!proved.upper && look.committed && !lag.caught_up) {
      proved.upper = look.at.read - *look.committed + look.at.ended - look.at.began;
      ++tally_.ended_by_commit;
    }
    if (std::abs(lag.lower->count() - seconds(proved.lower)) > kRounding) return false;
    if (lag.upper.has_value() != proved.upper.has_value()) return false;
    return !proved.upper || std::abs(lag.upper->count() - seconds(*proved.upper)) <= kRounding;
  }

  Dice& dice_;
  const Scenario& scenario_;
  Tally& tally_;
  Replay standby_, candidate_;
  Moment steady_offset_, wall_offset_;
  ClusterMemory memory_;
  NodeSnapshot node_ = a_standby();
  Proofs proofs_;              ///< all that the clock may know
  std::optional<Proof> late_;  ///< a reading on its way
  Moment now_ = 1000000, started_ = 0, standby_read_ = 0, candidate_read_ = 0;
  bool primary_reachable_ = true, standby_reachable_ = true, switched_ = false;
  bool thinned_ = false;
  bool exact_ = true;  ///< nothing has happened that may widen a bracket
  std::string fault_;
};

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
  std::cout << tally.checks << " checks: " << tally.caught_up << " + " << tally.withdrawn
            << " caught up, " << tally.late << " late, " << tally.open_ended
            << " without upper bound, " << tally.ended_by_commit << " with one by a commit, "
            << tally.exact << " exact; " << tally.restarts << " + " << tally.doubtful_restarts
            << " restarts (" << tally.lost_by_calendar << " lost), " << tally.switches_known
            << " + " << tally.switches_unknown << " switches, " << tally.thinned << " thinned, "
            << tally.hearsay << " hearsay; seeds from " << first << '\n';
  if (histories < 1000) return;
  for (const std::int64_t count :
       {tally.caught_up, tally.withdrawn, tally.late, tally.open_ended, tally.ended_by_commit,
        tally.exact, tally.restarts, tally.doubtful_restarts, tally.lost_by_calendar,
        tally.switches_known, tally.switches_unknown, tally.thinned, tally.hearsay}) {
    EXPECT_GT(count, static_cast<std::int64_t>(histories) / 100) << "a kind of event is missing";
  }
}

}  // namespace
}  // namespace pgrepl::test
