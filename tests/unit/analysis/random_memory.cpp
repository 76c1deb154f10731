// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/random_memory.h"

#include <chrono>
#include <string>
#include <utility>

namespace pgrepl::test {
namespace {

using std::chrono::microseconds;

class Maker {
 public:
  Maker(Dice& dice, Instant now) : dice_(dice), now_(now) {}

  ClusterMemory memory() {
    ClusterMemory memory;
    for (std::uint32_t i = 0; i < count(4); ++i) memory.clocks.push_back(clock(i));
    for (std::uint32_t i = 0; i < count(4); ++i) {
      memory.slot_inactive_since[{name(), name()}] = before();
      memory.sync_rep_since[{name(), waiter()}] = before();
      memory.reply_since[{name(), {waiter().pid, dice_.magnitude(50)}}] = before();
      memory.archive_trouble_since[name()] = before();
      memory.last_role[name()] = name();
      memory.primary_since[name()] = {.timeline = timeline(), .seen = before()};
      memory.rewindable[name()] = dice_.one_in(2);
      memory.forks.push_back({name(), timeline(), name(), lsn(), lsn()});
      memory.last_replayed[name()] = {name(), timeline(), lsn(), before()};
      memory.without_receiver[name()] = {.lsn = lsn()};
      memory.without_receiver[name()] = {.lsn = lsn(), .advanced = before()};
      memory.lag_history[name()] = lag_history();
      memory.disk_history[{name(), name()}] = disk_history();
      memory.used_slot[name()] = name();
      memory.holds[{name(), name(), name()}] = {state(), state(), before(), 3, before(), name()};
      memory.last_answer[name()] = answer();
      memory.silence[name()] = {before(), static_cast<int>(dice_.magnitude(20))};
      memory.lost_slots.emplace(name(), name());
      memory.journal.push_back(event());
      memory.event_counts[name()] = dice_.bits();
    }
    if (dice_.one_in(2)) memory.synchronous = {name(), before()};
    if (dice_.one_in(2)) memory.maintenance = {now_.wall, now_.wall + microseconds(1)};
    if (dice_.one_in(2)) memory.sole_primary = primary();
    if (dice_.one_in(2)) memory.failover = failover();
    memory.sync_seen = dice_.one_in(2);
    if (dice_.one_in(2)) memory.not_ready_since = before();
    return memory;
  }

 private:
  std::uint32_t count(std::int64_t most) { return static_cast<std::uint32_t>(dice_.up_to(most)); }
  std::uint32_t timeline() { return static_cast<std::uint32_t>(dice_.bits()); }
  Lsn lsn() { return Lsn(dice_.bits()); }
  SteadyTime before() { return now_.steady - microseconds(dice_.magnitude(40)); }
  State state() { return static_cast<State>(dice_.up_to(3)); }

  /// Any bytes, but mostly those that a careless format stumbles over.
  std::string name() {
    static constexpr std::string_view kAwkward = " %\n\r\t-\\/=;\"a1\xc3\xbc\x7f";
    std::string name;
    for (std::int64_t left = dice_.up_to(8); left > 0; --left) {
      const auto any = static_cast<char>(dice_.up_to(255));
      const auto at = static_cast<std::size_t>(dice_.up_to(kAwkward.size() - 1));
      name += dice_.one_in(4) ? any : kAwkward[at];
    }
    return name;
  }

  Moment moment() { return {before(), before()}; }

  SolePrimary primary() {
    SolePrimary primary{.node = name(), .alive = before(), .synchronous = dice_.one_in(2)};
    primary.departure = kDepartures[static_cast<std::size_t>(dice_.up_to(4))];
    primary.rival = name();
    if (dice_.one_in(2)) primary.position = lsn();
    if (dice_.one_in(2)) primary.gone_by = before();
    if (dice_.one_in(2)) primary.rival_promoted = moment();
    return primary;
  }

  Failover failover() {
    Failover failover{.at = now_.wall, .old_primary = name(), .new_primary = name()};
    failover.kind = kFailoverKinds[static_cast<std::size_t>(dice_.up_to(2))];
    failover.why = name();
    failover.synchronous = dice_.one_in(2);
    failover.fault = moment();
    failover.promoted = moment();
    if (dice_.one_in(2)) failover.accepting_writes = moment();
    if (dice_.one_in(2)) failover.standby_back = moment();
    if (dice_.one_in(2)) failover.sync_again = moment();
    failover.looked = before();
    return failover;
  }

  LastAnswer answer() {
    LastAnswer answer{.read_began = before(), .system_identifier = name(), .upstream = name()};
    answer.timeline = timeline();
    if (dice_.one_in(2)) answer.postmaster_start_us = dice_.magnitude(60);
    if (dice_.one_in(2)) answer.position = lsn();
    return answer;
  }

  JournalEntry event() {
    JournalEntry entry{.at = now_.wall - microseconds(dice_.magnitude(50)),
                       .kind = name(),
                       .node = name(),
                       .evidence = name(),
                       .object = name()};
    entry.during_maintenance = dice_.one_in(2);
    if (dice_.one_in(2)) entry.duration = microseconds(dice_.magnitude(40));
    return entry;
  }

  SyncRepWaiter waiter() {
    return {static_cast<int>(dice_.magnitude(22)), dice_.magnitude(50), dice_.magnitude(50),
            dice_.magnitude(32)};
  }

  LsnClock clock(std::uint32_t timeline) {
    LsnClock clock(name(), timeline);
    SteadyTime at = now_.steady - std::chrono::hours(24);
    std::uint64_t position = static_cast<std::uint64_t>(dice_.magnitude(40));
    for (std::int64_t left = dice_.up_to(20); left > 0; --left) {
      position += static_cast<std::uint64_t>(dice_.magnitude(20));
      const SteadyTime began = at + microseconds(1 + dice_.magnitude(24));
      at = began + microseconds(1 + dice_.magnitude(20));
      if (dice_.one_in(4)) {
        clock.hear(Lsn(position), at);
      } else {
        clock.observe(Lsn(position), {began, at});
      }
    }
    return clock;
  }

  LagHistory lag_history() {
    LagHistory history(timeline());
    SteadyTime at = now_.steady - std::chrono::hours(1);
    for (std::int64_t left = 1 + dice_.up_to(80); left > 0; --left) {
      at += microseconds(1 + dice_.magnitude(24));
      history.add(at, lsn(), dice_.magnitude(50));
    }
    return history;
  }

  DiskHistory disk_history() {
    DiskHistory history(dice_.magnitude(50));
    SteadyTime at = now_.steady - std::chrono::hours(8);
    for (std::int64_t left = 1 + dice_.up_to(80); left > 0; --left) {
      at += microseconds(1 + dice_.magnitude(28));
      history.add(at, dice_.magnitude(50));
    }
    return history;
  }

  Dice& dice_;
  Instant now_;
};

}  // namespace

ClusterMemory random_memory(Dice& dice, Instant now) { return Maker(dice, now).memory(); }

}  // namespace pgrepl::test
