// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "checks/catalogue/readings.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

std::string_view cause_id(StallCause cause) {
  switch (cause) {
    case StallCause::standby_gone:
      return "standby_gone";
    case StallCause::standby_hung:
      return "standby_hung";
    case StallCause::wrong_name:
      return "wrong_name";
    case StallCause::too_few:
      return "too_few";
    case StallCause::catching_up:
      return "catching_up";
    case StallCause::replay_held:
      return "replay_held";
    case StallCause::slow:
      return "slow";
    case StallCause::unexplained:
      return "unexplained";
  }
  return "unexplained";
}

/// A primary whose commits wait, with what is known of why.
struct Stalled {
  const NodeSnapshot& node;
  const NodeAnalysis& seen;
  const CommitStall& stall;

  const StatReplicationRow* row() const {
    return stall.row ? &node.state->wal_senders[*stall.row] : nullptr;
  }
};

std::string hung_text(const Stalled& stalled) {
  std::string text = stalled.stall.standby + " counts as streaming";
  const auto& silent = stalled.seen.wal_senders[*stalled.stall.row].silent_for;
  if (silent) text += ", but has not replied for " + time_text(*silent);
  return text;
}

std::string wrong_name_text(const Stalled& stalled) {
  if (is_same_standby(stalled.stall.standby, stalled.node.name))
    return stalled.node.name + " waits for itself";
  std::string text = "no standby calls itself " + stalled.stall.standby;
  if (stalled.row() != nullptr) text += ", one streams as " + stalled.row()->application_name;
  return text;
}

std::string too_few_text(const Stalled& stalled) {
  return std::to_string(stalled.seen.sync->required().value_or(0)) + " standbys must confirm, " +
         std::to_string(stalled.seen.sync->counted_on->size()) + " can";
}

/// The first stage that WAL has not passed.
std::string slow_text(const Stalled& stalled) {
  const StatReplicationRow& row = *stalled.row();
  const std::optional<Lsn> passed[] = {stalled.seen.position, row.sent_lsn, row.write_lsn,
                                       row.flush_lsn, row.replay_lsn};
  constexpr std::string_view kStages[] = {"sent to", "written by", "flushed by", "replayed by"};
  std::size_t worst = 0;
  std::int64_t most = 0;
  for (std::size_t stage = 0; stage < std::size(kStages); ++stage) {
    if (!passed[stage] || !passed[stage + 1]) continue;
    const std::int64_t waiting = wal_distance(*passed[stage + 1], *passed[stage]);
    if (waiting > most) {
      most = waiting;
      worst = stage;
    }
  }
  return bytes_text(static_cast<double>(most)) + " are not yet " + std::string{kStages[worst]} +
         " " + stalled.stall.standby + ", which replies";
}

std::string why(const Stalled& stalled) {
  const std::string& standby = stalled.stall.standby;
  switch (stalled.stall.cause) {
    case StallCause::standby_gone:
      return standby + " is not connected";
    case StallCause::standby_hung:
      return hung_text(stalled);
    case StallCause::wrong_name:
      return wrong_name_text(stalled);
    case StallCause::too_few:
      return too_few_text(stalled);
    case StallCause::catching_up:
      return standby + " still catches up";
    case StallCause::replay_held:
      return "they wait for replay on " + standby + ", which is held up";
    case StallCause::slow:
      return slow_text(stalled);
    case StallCause::unexplained:
      return "what is seen does not tell why";
  }
  return {};
}

Reading stall_reading(const NodeSnapshot& node, const NodeAnalysis& seen) {
  const Seconds waited = seen.longest_sync_rep_wait.value_or(Seconds{0});
  Reading reading{.node = node.name,
                  .object = "",
                  .summary = "no commit on " + node.name + " waits for a standby",
                  .values = {{.measure = "wait", .value = waited.count(), .minimum = 0}}};
  if (!seen.commit_stall) return reading;
  const Stalled stalled{node, seen, *seen.commit_stall};
  const std::size_t waiters = seen.sync_rep_waiters;
  reading.cause = cause_id(stalled.stall.cause);
  reading.other_node = stalled.stall.standby;
  reading.summary = std::to_string(waiters) + (waiters == 1 ? " commit" : " commits") + " on " +
                    node.name + (waiters == 1 ? " waits" : " wait, the longest") + " for " +
                    time_text(waited);
  // Seen for the first time: on a busy primary some commit waits at any moment.
  if (waited > Seconds{0}) reading.summary += ": " + why(stalled);
  reading.names = {{"standby", stalled.stall.standby}};
  if (const auto* row = stalled.row())
    reading.names.emplace_back("application_name", row->application_name);
  return reading;
}

Readings read_commit_stall(const CheckFacts& facts) {
  Readings readings;
  for (std::size_t i = 0; i < facts.snapshot.nodes.size(); ++i) {
    const NodeSnapshot& node = facts.snapshot.nodes[i].postgres;
    if (!is_open_primary(facts, i, readings)) continue;
    if (!node.state->has_pg_monitor) {
      readings.found.push_back(unknown(node.name, lacks_pg_monitor(node)));
    } else if (const auto& failure = node.state->missing.sync_rep_waiters) {
      readings.found.push_back(
          unknown(node.name, not_shown(node.name, "waiting commits", *failure)));
    } else {
      readings.found.push_back(stall_reading(node, facts.analysis.nodes[i]));
    }
  }
  return readings;
}

constexpr MeasureRow kMeasures[] = {{.id = "wait",
                                     .unit = Unit::seconds,
                                     .warning = 5,
                                     .critical = 30,
                                     .source = "guide: resource time-outs; the warning is ours"}};

#define LET_COMMITS_GO_ON                                                                         \
  "ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();   -- on {node}: "    \
  "lets "                                                                                         \
  "commits go on, and a crash of {node} then loses them; set it back when the standby confirms\n" \
  "crm_mon -1A   # under Pacemaker leave that setting alone: the agent empties it once the "      \
  "walsender is gone"

constexpr CauseRow kCauses[] = {
    {.id = "standby_gone",
     .says = "The standby that commits must wait for is not connected, so that every write hangs.",
     .fix = "bring {standby} back: see checks node_up and replication\n" LET_COMMITS_GO_ON},
    {.id = "standby_hung",
     .says = "The standby is dead or cut off, but its connection still counts until "
             "wal_sender_timeout, and commits wait for it.",
     .fix = "ping {standby}   # a machine without power or network does not answer\n"
            "SELECT pg_terminate_backend(pid) FROM pg_stat_replication WHERE application_name = "
            "'{application_name}';   -- on {node}: ends the dead connection now instead of after "
            "wal_sender_timeout\n" LET_COMMITS_GO_ON},
    {.id = "wrong_name",
     .says = "Commits wait for a name that no standby can come under.",
     .fix = "psql -c 'SHOW synchronous_standby_names' -c 'SELECT application_name, sync_state FROM "
            "pg_stat_replication'   # on {node}: the two must agree\n"
            "put the right application_name into primary_conninfo on the standby, in "
            "postgresql.auto.conf where pg_basebackup -R wrote it, and SELECT pg_reload_conf();\n"
            "or name the standby that is there: ALTER SYSTEM SET synchronous_standby_names = "
            "'\"{application_name}\"'; SELECT pg_reload_conf();   -- on {node}"},
    {.id = "too_few",
     .says = "Commits must be confirmed by more standbys than there are.",
     .fix = "psql -c 'SHOW synchronous_standby_names'   # on {node}: lower the number, or bring "
            "another standby\n" LET_COMMITS_GO_ON},
    {.id = "catching_up",
     .says = "The standby that commits wait for is back, but reads old WAL first.",
     .fix = "psql -c 'SELECT application_name, state, pg_wal_lsn_diff(pg_current_wal_lsn(), "
            "sent_lsn) FROM pg_stat_replication'   # on {node}: the figure must "
            "shrink\n" LET_COMMITS_GO_ON},
    {.id = "replay_held",
     .says = "Commits wait until the standby has replayed them, and its replay is paused, delayed "
             "or blocked by a query.",
     .fix = "see check replay_lag for what holds replay on {standby}\n"
            "psql -c 'SHOW synchronous_commit'   # on {node}: remote_apply waits for replay, on "
            "does not"},
    {.id = "slow",
     .says = "The standby streams and replies, but takes too long to confirm: a slow network or "
             "disk.",
     .fix =
         "psql -c 'SELECT application_name, sent_lsn, write_lsn, flush_lsn, write_lag, flush_lag "
         "FROM pg_stat_replication'   # on {node}: not sent is the network, not flushed the disk "
         "of {standby}\n"
         "iostat -x 2 5   # on {standby}\n"
         "see checks network_latency and replay_lag"},
    {.id = "unexplained",
     .says = "Commits wait although the standbys that are demanded have confirmed all.",
     .fix = "psql -c \"SELECT pid, usename, state, query_start, left(query, 60) FROM "
            "pg_stat_activity WHERE wait_event = 'SyncRep'\"   # on {node}: who waits\n"
            "psql -c 'SELECT * FROM pg_stat_replication'   # on {node}"},
};
#undef LET_COMMITS_GO_ON

}  // namespace

constexpr CheckRow kCommitStall{.id = "commit_stall",
                                .title = "Commits that wait for a synchronous standby",
                                .question = "Do writes hang?",
                                .topic = Topic::replication,
                                .hold = {.seconds = 0, .polls = 1},
                                .measures = kMeasures,
                                .causes = kCauses,
                                .source = "guide: resource time-outs",
                                .read = read_commit_stall};

static_assert(row_rules::is_sound(kCommitStall));

}  // namespace pgrepl::catalogue
