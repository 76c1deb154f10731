// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/truth.h"

#include <algorithm>
#include <sstream>

namespace pgrepl::test {
namespace {

constexpr double kRounding = 1e-6;  // seconds: doubles of a few months

double seconds(Moment microseconds) { return static_cast<double>(microseconds) / 1e6; }

double lag_at(Moment moment, std::optional<Moment> since) {
  return since ? std::max(0.0, seconds(moment - *since)) : 0;
}

/// The strict statements: they imply that the lag at every moment of the reading lies in between.
std::string complaint_about(const LagBounds& lag, const Span& at, std::optional<Moment> since,
                            bool has_all) {
  if (lag == LagBounds{}) return "";
  if (!lag.lower) return "no lower bound beside the others";
  if (lag.lower->count() > lag_at(at.began, since) + kRounding) return "the lower bound lies";
  if (lag.upper && lag.upper->count() < lag_at(at.ended, since) - kRounding) {
    return "the upper bound lies";
  }
  if (!lag.estimate) return "";
  if (*lag.estimate < Seconds{0}) return "the estimate is negative";
  if (*lag.estimate == Seconds{0} && !has_all) return "0, although data is missing";
  if (*lag.estimate < *lag.lower || (lag.upper && *lag.estimate > *lag.upper)) {
    return "the estimate is out of its bounds";
  }
  return "";
}

std::string complaint_about(const StandbyLag& lag, const Truth& truth) {
  const std::int64_t replayed = truth.standby.replayed;
  const bool has_all = truth.has_all_up_to(replayed);
  if (lag.state == LagState::caught_up && !has_all) return "caught up, although data is missing";
  if (lag.not_replayed) {
    if (!truth.primary) return "bytes, although nobody has read the primary";
    if (*lag.not_replayed == 0 && !has_all) return "0 bytes, although data is missing";
    if (*lag.not_replayed != std::max<std::int64_t>(0, *truth.primary - replayed))
      return "the bytes are others";
  }
  return complaint_about(lag.time, truth.at, truth.lacks_replay, has_all);
}

std::string complaint_about(const DataLoss& loss, const Truth& truth) {
  const std::int64_t received = truth.standby.received;
  const bool has_all = truth.has_all_up_to(received);
  if (loss.bytes) {
    if (!truth.primary) return "bytes, although nobody has read the primary";
    if (*loss.bytes == 0 && !has_all) return "0 bytes, although data is missing";
    const std::int64_t missing = std::max<std::int64_t>(0, *truth.primary - received);
    const bool is_most = !truth.standby.says_received;
    if (is_most ? *loss.bytes < missing : *loss.bytes != missing) return "the bytes are others";
  }
  return complaint_about(loss.time, truth.at, truth.lacks_wal, has_all);
}

void tell(std::ostream& text, const char* what, const LagBounds& lag) {
  const auto tell_one = [&](const char* name, std::optional<Seconds> value) {
    if (value) text << ' ' << name << ' ' << value->count();
  };
  text << "; " << what << (lag.caught_up ? " caught up" : "");
  tell_one("lower", lag.lower);
  tell_one("estimate", lag.estimate);
  tell_one("upper", lag.upper);
}

std::string in_full(const std::string& complaint, const NodeAnalysis& published,
                    const Truth& truth) {
  std::ostringstream text;
  const TrueServer& at = truth.standby;
  text << complaint << ": standby at " << at.replayed << " of " << at.received << ", read "
       << truth.at.began << " to " << truth.at.ended << ", on timeline " << at.says_timeline();
  if (truth.primary) text << "; primary at " << *truth.primary << " at " << *truth.primary_read;
  if (truth.lacks_replay) text << "; replay lacks something since " << *truth.lacks_replay;
  if (truth.lacks_wal) text << "; its disk since " << *truth.lacks_wal;
  text << "; " << to_string(published.lag->state);
  tell(text, "lag", published.lag->time);
  if (published.loss) tell(text, "loss", published.loss->time);
  return text.str();
}

}  // namespace

std::string complaint_about(const NodeAnalysis& published, const Truth& truth) {
  std::string complaint = complaint_about(*published.lag, truth);
  if (complaint.empty() && published.loss) {
    complaint = complaint_about(*published.loss, truth);
    if (!complaint.empty()) complaint = "loss: " + complaint;
  }
  return complaint.empty() ? complaint : in_full(complaint, published, truth);
}

void count_circumstances(const NodeAnalysis& published, const Truth& truth, Tally& tally) {
  const LagBounds& lag = published.lag->time;
  const TrueServer& standby = truth.standby;
  const bool caught_up = lag.estimate == Seconds{0};
  tally.count(Seen::caught_up, caught_up);
  tally.count(Seen::diverged, standby.has_diverged());
  if (!lag.lower || caught_up) return;
  const bool late = truth.lacks_replay && *truth.lacks_replay < truth.at.began;
  const bool unknown = published.lag->state == LagState::upstream_unknown;
  const bool heard = !truth.primary && standby.receiver && !unknown;
  tally.count(Seen::late, late);
  tally.count(Seen::late_and_paused, late && standby.paused);
  tally.count(Seen::late_without_receiver, late && !standby.receiver);
  tally.count(Seen::late_with_silent_sender, late && standby.receiver && standby.sender_silent);
  tally.count(Seen::late_across_four_gigabytes,
              late && truth.primary && standby.replayed >> 32 != *truth.primary >> 32);
  tally.count(Seen::late_by_less_to_lose, published.loss && published.loss->time.estimate &&
                                              lag.estimate &&
                                              *published.loss->time.estimate < *lag.estimate);
  tally.count(Seen::without_upper_bound, !lag.upper);
  tally.count(Seen::estimated_by_commit, !lag.upper && lag.estimate);
  tally.count(Seen::estimated_wrongly_by_skew,
              !lag.upper && lag.estimate &&
                  lag.estimate->count() < lag_at(truth.at.ended, truth.lacks_replay));
  tally.count(Seen::only_heard_of_the_primary, heard);
  tally.count(Seen::heard_all_but_late, heard && lag.caught_up && late);
  tally.count(Seen::nobody_has_looked, !heard && !truth.primary);
  tally.count(Seen::on_a_new_timeline, late && standby.says_timeline() > 1);
  tally.count(Seen::bounded_by_the_old_timeline,
              late && truth.promoted > 0 && lag.upper &&
                  lag.upper->count() > seconds(truth.at.ended - truth.promoted));
  tally.count(Seen::read_before_the_primary,
              truth.primary_read && *truth.primary_read > truth.at.read);
}

}  // namespace pgrepl::test
