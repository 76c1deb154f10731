// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/pair_world.h"

#include <algorithm>
#include <utility>

namespace pgrepl::test {
namespace {

constexpr int kFourGigabytes = 32;  // as a power of two
constexpr int kSecond = 20;         // of microseconds

std::int64_t random_start(Dice& dice) {
  if (!dice.one_in(3)) return 1 + dice.magnitude(40);
  return (std::int64_t{1} << kFourGigabytes) - dice.magnitude(24);
}

}  // namespace

PairWorld::PairWorld(Dice& dice, Tally& tally)
    : dice_(dice), tally_(tally), history_(random_start(dice)) {
  for (TrueServer& server : servers_) {
    if (dice.one_in(2)) server.calendar = dice.either_way(kTwelveDays);
  }
  const std::int64_t start = history_.position();
  if (dice.one_in(2)) history_ = WalHistory(start, present().calendar - dice.magnitude(40));
  present().position = start;
  TrueServer& second = standby();
  second.is_primary = false;
  second.received = second.replayed = second.sender_said = start;
  second.says_received = start;
  second.receiver = true;
  second.heard = second.calendar;
}

/// All of it, none, or something between.
std::int64_t PairWorld::part_of(std::int64_t length) {
  switch (dice_.up_to(3)) {
    case 0:
      return 0;
    case 1:
      return dice_.up_to(length);
    default:
      return length;
  }
}

void PairWorld::run_to(Moment until) {
  if (until <= now_) return;
  for (std::int64_t rounds = dice_.up_to(2); rounds >= 0 && now_ < until; --rounds) {
    const Moment since = now_;
    now_ = rounds == 0 ? until : now_ + 1 + dice_.up_to(until - now_ - 1);
    write(since);
    stream();
    replay();
  }
}

void PairWorld::write(Moment since) {
  TrueServer& rival = standby();
  if (rival.is_primary && !rival.is_gone && rival.is_used) rival.position += dice_.magnitude(26);
  if (present().is_gone || mood_ == Mood::idle) return;
  const Moment steps = mood_ == Mood::steady ? 1 : 3 + dice_.up_to(6);
  for (Moment i = steps; i > 0; --i) write_step(std::max(since + 1, now_ - i + 1));
  if (mood_ == Mood::burst) mood_ = Mood::steady;
}

void PairWorld::write_step(Moment at) {
  WalHistory::Step step = history_.last();
  step.at = at;
  step.lsn += 1 + dice_.magnitude(26);
  // A transaction takes its time before it writes its commit, and others may overtake it.
  if (dice_.one_in(2)) step.committed = at + present().calendar - dice_.magnitude(kSecond);
  tally_.count(Seen::four_gigabytes,
               step.lsn >> kFourGigabytes != history_.position() >> kFourGigabytes);
  history_.write(step);
  present().position = step.lsn;
}

void PairWorld::stream() {
  TrueServer& to = standby();
  if (to.is_primary || to.is_gone || !to.receiver || to.sender_silent || present().is_gone) return;
  if (dice_.one_in(4)) return;  // nothing passes just now
  to.received += part_of(history_.position() - to.received);
  to.says_received = to.received;
  // A keepalive tells how far the sender has sent, which in its catch-up is not how far it is.
  const std::int64_t waits = history_.position() - to.received;
  to.sender_said = to.received + (dice_.one_in(2) ? waits : dice_.up_to(waits));
  to.heard = now_ + to.calendar;
}

void PairWorld::replay() {
  TrueServer& at = standby();
  if (at.is_primary || at.is_gone) return;
  if (!at.paused) at.replayed += part_of(at.received - at.replayed);
  if (dice_.one_in(4)) at.control_timeline = at.timeline;
}

std::optional<Moment> PairWorld::commit_age(const TrueServer& server) const {
  if (server.replayed <= server.replayed_before_restart) return std::nullopt;
  const auto committed = history_.last_commit(std::min(server.replayed, server.shared));
  if (!committed) return std::nullopt;
  return now_ + server.calendar - *committed;
}

}  // namespace pgrepl::test
