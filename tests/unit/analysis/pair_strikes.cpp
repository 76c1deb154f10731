// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "tests/unit/analysis/pair_world.h"

// What happens to a pair.
namespace pgrepl::test {

void PairWorld::strike() {
  for (TrueServer& server : servers_) server.reachable = server.reachable || dice_.one_in(3);
  switch (dice_.up_to(10)) {
    case 0:
    case 1:
      return change_mood();
    case 2:
      return toggle_pause();
    case 3:
    case 4:
      return toggle_receiver();
    case 5:
      return restart_standby();
    case 6:
      return toggle_reach(primary());
    case 7:
      return toggle_reach(other());
    case 8:
      return set_a_clock();
    default:
      return standby().is_primary ? bring_back() : promote();
  }
}

void PairWorld::change_mood() {
  mood_ = static_cast<Mood>(dice_.up_to(2));
  tally_.count(Seen::idle, mood_ == Mood::idle);
  tally_.count(Seen::burst, mood_ == Mood::burst);
}

void PairWorld::toggle_pause() {
  TrueServer& at = standby();
  if (at.is_primary || at.is_gone) return;
  at.paused = !at.paused;
  tally_.count(Seen::replay_paused, at.paused);
}

void PairWorld::toggle_receiver() {
  TrueServer& at = standby();
  if (at.is_primary || at.is_gone) return;
  if (!at.receiver) {
    // It starts once all that lies on its disk is replayed, at the beginning of a WAL file.
    if (at.replayed != at.received || at.has_diverged() || present().is_gone) return;
    if (!at.says_received)
      at.says_received = at.received - std::min(at.received, dice_.magnitude(24));
    at.receiver = true;
    at.sender_silent = false;
    at.timeline = present().timeline;
    at.sender_said = at.received;
    at.heard = now_ + at.calendar;
    tally_.count(Seen::receiver_back);
  } else if (!at.sender_silent && dice_.one_in(2)) {
    at.sender_silent = true;
    tally_.count(Seen::sender_fell_silent);
  } else {
    at.receiver = false;
    tally_.count(Seen::receiver_died);
  }
}

void PairWorld::restart_standby() {
  TrueServer& at = standby();
  if (at.is_primary || at.is_gone) return;
  at.paused = at.receiver = false;
  at.says_received.reset();
  at.replayed_before_restart = at.replayed;
  tally_.count(Seen::standby_restarted);
}

void PairWorld::toggle_reach(std::size_t server) {
  bool& reachable = servers_[server].reachable;
  reachable = !reachable;
  if (reachable) return;
  tally_.count(server == primary_ ? Seen::primary_unreachable : Seen::standby_unreachable);
}

void PairWorld::set_a_clock() {
  servers_[static_cast<std::size_t>(dice_.up_to(1))].calendar += dice_.either_way(kTwelveDays);
  tally_.count(Seen::server_clock_jumped);
}

/// The standby replays what it has and becomes primary; the old one has gone, or lives on.
void PairWorld::promote() {
  TrueServer& next = standby();
  const bool follows = next.timeline == present().timeline && !next.has_diverged();
  if (next.is_primary || next.is_gone || !follows || promotions_ == 2) return;
  TrueServer& old = present();
  const std::int64_t branch = next.received;
  history_.cut_beyond(branch);
  old.shared = branch;
  old.is_gone = dice_.one_in(3);
  old.is_used = dice_.one_in(2);
  primary_ = other();
  ++promotions_;
  promoted_ = now_;
  next.is_primary = true;
  next.timeline = static_cast<std::uint32_t>(1 + promotions_);
  next.shared = std::numeric_limits<std::int64_t>::max();
  history_.write({now_, branch + 1, history_.last().committed});
  next.position = history_.position();
  tally_.count(promotions_ == 1 ? Seen::promotion : Seen::second_promotion);
  tally_.count(Seen::old_primary_lives_on, !old.is_gone);
}

/// The old primary is started as a standby: rewound to what it shares, or as it is.
void PairWorld::bring_back() {
  TrueServer& old = standby();
  if (!old.is_primary) return;
  const bool rewound = dice_.one_in(2);
  const std::int64_t has =
      rewound ? std::max(history_.start(), old.shared - dice_.magnitude(24)) : old.position;
  if (rewound) old.timeline = old.control_timeline = present().timeline;
  old = {.calendar = old.calendar,
         .reachable = old.reachable,
         .is_primary = false,
         .timeline = old.timeline,
         .control_timeline = old.timeline,
         .received = has,
         .replayed = has,
         .replayed_before_restart = has,
         .shared = old.shared};
  // Nothing that it writes from now on is its own.
  if (!old.has_diverged()) old.shared = std::numeric_limits<std::int64_t>::max();
  tally_.count(rewound              ? Seen::old_primary_rewound
               : old.has_diverged() ? Seen::old_primary_diverged
                                    : Seen::old_primary_follows);
}

}  // namespace pgrepl::test
