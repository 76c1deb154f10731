// SPDX-License-Identifier: Apache-2.0
#include "checks/analysis/failover.h"
#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

/// An event does not last: after a day it is history.
constexpr Seconds kCounts{24 * 3600.0};

std::string bounds_text(const PhaseTime& time) {
  return time_text(time.lower) + " to " + time_text(time.upper);
}

std::string summary_of(const LastFailover& last) {
  const PhaseTime* writes = last.reached(FailoverPhase::accepting_writes);
  const std::string story = ", " + time_text(last.age) + " ago: " + last.why;
  if (writes == nullptr) {
    return last.new_primary + " was promoted in place of " + last.old_primary +
           ", but its commits wait for a synchronous standby" + story;
  }
  const std::string who = last.new_primary + " took over from " + last.old_primary;
  if (!writes->estimate) return who + " unwatched, in " + bounds_text(*writes) + story;
  return who + " in " + time_text(*writes->estimate) + " (" + bounds_text(*writes) + ")" + story;
}

/// What is certain counts: of a failover that nobody watched, its lower bound.
MeasuredValue duration_of(const LastFailover& last) {
  MeasuredValue value{.measure = "duration", .minimum = 0};
  const PhaseTime* writes = last.reached(FailoverPhase::accepting_writes);
  if (writes == nullptr) {
    value.value = value.lower = value.upper = last.age.count();
  } else if (writes->estimate) {
    value.value = value.lower = value.upper = writes->estimate->count();
  } else {
    value.lower = value.upper = writes->lower.count();
  }
  return value;
}

/// Where most of the time went.
std::string_view cause_of(const LastFailover& last) {
  const PhaseTime* promoted = last.reached(FailoverPhase::promoted);
  const PhaseTime* writes = last.reached(FailoverPhase::accepting_writes);
  if (writes == nullptr || promoted == nullptr) return "commits_held";
  if (writes->lower > 2 * promoted->upper) return "commits_held";
  return last.kind == FailoverKind::switchover ? "slow_switchover" : "slow_promotion";
}

Readings read_failover_duration(const CheckFacts& facts) {
  const auto& last = facts.analysis.failover;
  if (!last) return {.absent = {{.node = "", .reason = "no failover has been seen"}}};
  Reading reading{
      .node = "",
      .object = "",
      .cause = cause_of(*last),
      .summary = summary_of(*last),
      .names = {{"old_primary", last->old_primary}, {"new_primary", last->new_primary}}};
  if (last->age < kCounts) reading.values = {duration_of(*last)};
  return {.found = {std::move(reading)}};
}

constexpr MeasureRow kMeasures[] = {
    {.id = "duration",
     .unit = Unit::seconds,
     .warning = 25,
     .critical = 60,
     .source = "guide: failover sequence (all restored at T+25), promote time-out (60 s)"},
};

constexpr CauseRow kCauses[] = {
    {.id = "commits_held",
     .says =
         "The new primary was promoted in time, but its commits waited for a synchronous standby "
         "that was not there.",
     .fix =
         "psql -c 'SHOW synchronous_standby_names'   # on {new_primary}: its own name, or that of "
         "the dead node\n"
         "ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();   # on "
         "{new_primary}: lets commits go, without a second copy\n"
         "under Pacemaker rep_mode = sync does this by itself; otherwise keep the setting empty "
         "on a standby, or out of what a promotion brings into force"},
    {.id = "slow_switchover",
     .says = "The old primary was stopped in order, and that or the promotion took long.",
     .fix =
         "grep -E 'shutting down|shut down' on the log of {old_primary}   # how long the stop "
         "took\n"
         "a stop waits until its standbys have all WAL: when the virtual IP is taken away first, "
         "it waits for wal_sender_timeout\n"
         "crm_mon -1 --failcounts   # a cluster manager that recovers a failed resource stops it "
         "the same way\n"
         "CHECKPOINT;   # on the primary, before the next switchover"},
    {.id = "slow_promotion",
     .says =
         "The loss was noticed late, fencing took long, or the standby had much to replay before "
         "it could be promoted.",
     .fix =
         "journalctl -u pacemaker -u corosync --since '-1d'   # on {new_primary}: loss, fencing, "
         "promote, in order\n"
         "grep -E 'promote|redo done|archive recovery complete' on the log of {new_primary}   # "
         "how long replay and promotion took\n"
         "pcs resource config   # monitor interval and time-outs: the guide's 10 s find a dead "
         "primary by T+10"},
};

}  // namespace

constexpr CheckRow kFailoverDuration{
    .id = "failover_duration",
    .title = "The last failover was quick; it counts for a day",
    .question = "How long could nobody write, when it last happened?",
    .topic = Topic::role,
    .measures = kMeasures,
    .causes = kCauses,
    .source = "guide: failover sequence, promote time-out",
    .read = read_failover_duration};

static_assert(row_rules::is_sound(kFailoverDuration));

}  // namespace pgrepl::catalogue
