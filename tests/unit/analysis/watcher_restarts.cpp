// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <utility>

#include "checks/analysis/merge_memory.h"
#include "tests/unit/analysis/watcher.h"

// What an exporter itself lives through.
namespace pgrepl::test {

void Watcher::strike() {
  switch (dice_.up_to(3)) {
    case 0:
      return set_calendar();
    case 1:
      stored_ = Stored{encode_memory(memory_, instant(world_.now())), instant(world_.now())};
      return;
    default:
      return restart();
  }
}

void Watcher::set_calendar() {
  wall_offset_ += dice_.either_way(kTwelveDays);
  stored_.reset();  // the daemon stores again within half a minute
  tally_.count(Seen::exporter_calendar_jumped);
}

/// The process ends, in order or by a crash that costs it what it has not stored, and starts again.
void Watcher::restart() {
  const bool crash = stored_ && dice_.one_in(3);
  const Instant now = instant(world_.now());
  const Stored stored = crash ? *stored_ : Stored{encode_memory(memory_, now), now};
  const Moment away = 1 + dice_.magnitude(34);
  world_.run_to(world_.now() + away);
  if (dice_.one_in(3)) {
    reboot(away, stored.at);
  } else if (dice_.one_in(4)) {
    set_calendar();
  }
  tally_.count(Seen::exporter_restarted);
  if (crash) exact_ = false;
  wake_up(stored);
}

/// The steady clock begins anew.  A calendar that is set back meanwhile is the one thing that
/// nobody can notice, unless it is set back beyond the moment of storing.
void Watcher::reboot(Moment away, Instant stored) {
  steady_offset_ = dice_.up_to(away) - world_.now();
  if (dice_.one_in(3)) wall_offset_ += dice_.magnitude(38);
  if (dice_.one_in(6)) {
    const auto back = instant(world_.now()).wall - stored.wall;
    wall_offset_ -= std::max<Moment>(0, back.count()) + 1 + dice_.magnitude(40);
  }
  tally_.count(Seen::machine_rebooted);
}

void Watcher::wake_up(const Stored& stored) {
  const Instant now = instant(world_.now());
  const Result<ClusterMemory, std::string> restored = decode_memory(stored.text, now);
  if (!restored) {
    fault_ = restored.error();
    return;
  }
  restarted_ = true;
  stored_.reset();
  late_memory_.reset();
  first_poll_.reset();
  memory_ = *restored;
  const auto by_calendar = now.wall - stored.at.wall;
  if (by_calendar != now.steady - stored.at.steady) exact_ = false;
  if (by_calendar < by_calendar.zero()) {
    tally_.count(Seen::memory_lost);
    proofs_.forget();
  } else if (dice_.one_in(4)) {
    late_memory_ = std::exchange(memory_, ClusterMemory{});
    exact_ = false;
  }
}

void Watcher::join_late_memory() {
  if (!first_poll_) first_poll_ = snapshot_.taken;
  if (!late_memory_ || dice_.one_in(2)) return;
  memory_ = merge_memory(std::move(memory_), *late_memory_, *first_poll_);
  late_memory_.reset();
  tally_.count(Seen::store_read_late);
}

}  // namespace pgrepl::test
