// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/queries.h"

#include <algorithm>
#include <array>

#include "exporter/collect/postgres/apply.h"
#include "exporter/collect/postgres/decode.h"
#include "exporter/collect/postgres/settings_columns.h"

// Every name is qualified, so that nobody's search_path decides what runs.  Ages are taken on the
// server: its clock is not ours.
#define AGE(moment) "extract(epoch from pg_catalog.clock_timestamp() - " moment ")"
#define MICROSECONDS(moment) "(extract(epoch from " moment ") * 1000000)::bigint"
#define IF_STANDBY(expression) "case when pg_catalog.pg_is_in_recovery() then " expression " end"
#define IF_PRIMARY(expression) \
  "case when not pg_catalog.pg_is_in_recovery() then " expression " end"

namespace pgrepl {
namespace {

// What no answer can do without: the role, the positions, and whether the lists can be believed.
//
// The last positions of recovery stay what they were when it ended, until the server or its shared
// memory starts anew; crash recovery sets the replayed one alone.
constexpr Column kNodeState[] = {
    {"in_recovery", "pg_catalog.pg_is_in_recovery()"},
    {"current_wal_flush_lsn", IF_PRIMARY("pg_catalog.pg_current_wal_flush_lsn()")},
    {"receive_lsn", IF_STANDBY("pg_catalog.pg_last_wal_receive_lsn()")},
    {"replay_lsn", IF_STANDBY("pg_catalog.pg_last_wal_replay_lsn()")},
    {"recovery_end_lsn", IF_PRIMARY("pg_catalog.pg_last_wal_replay_lsn()")},
    {"was_streamed_to", IF_PRIMARY("pg_catalog.pg_last_wal_receive_lsn() is not null")},
    {"has_pg_monitor", "pg_catalog.pg_has_role(current_user, 'pg_monitor', 'usage')"},
};

constexpr Column kServer[] = {
    {"postmaster_start_timestamp", "extract(epoch from pg_catalog.pg_postmaster_start_time())"},
    {"synchronous_standby_names", "pg_catalog.current_setting('synchronous_standby_names', true)"},
};

constexpr Column kSystemIdentifier[] = {
    {"system_identifier", "select system_identifier from pg_catalog.pg_control_system()"},
};

// After a promotion pg_control_checkpoint() names the old timeline for a while, so a primary asks
// for the name of the WAL file that it writes.
constexpr Column kWrittenTimeline[] = {
    {"written_timeline",
     IF_PRIMARY(
         "('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()),"
         " 1, 8))::bit(32)::int")},
};

constexpr Column kReplayedTimeline[] = {
    {"replayed_timeline",
     IF_STANDBY("(select greatest(c.timeline_id, r.min_recovery_end_timeline)"
                " from pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r)")},
};

// The first one fails if a promotion ends recovery in the middle of it.
constexpr Column kReplay[] = {
    {"replay_paused", IF_STANDBY("pg_catalog.pg_is_wal_replay_paused()")},
    {"last_xact_replay_age", IF_STANDBY(AGE("pg_catalog.pg_last_xact_replay_timestamp()"))},
};

// What the startup process waits for when a query on the standby holds up replay: a snapshot or
// tablespace that is in use, a relation's lock, a pinned page.
constexpr char kReplayConflict[] = IF_STANDBY(
    "exists (select from pg_catalog.pg_stat_get_activity(null) where backend_type = 'startup'"
    " and (wait_event_type in ('Lock', 'BufferPin') or wait_event like 'RecoveryConflict%'))");

constexpr Column kConflict[] = {{"replay_conflict", kReplayConflict}};

constexpr Column kWalReceiver[] = {
    {"pid"},
    {"status"},
    {"sender_host"},
    {"sender_port"},
    {"slot_name"},
    {"received_tli"},
    {"flushed_lsn"},
    {"latest_end_lsn"},
    {"latest_end_age", AGE("latest_end_time")},
    {"last_message_age", AGE("last_msg_receipt_time")},
};

// Any function's EXECUTE may be revoked, and PostgreSQL looks for it when a statement begins, even
// in a branch that is never taken: one of them costs a statement all that it asks for.  On nearly
// every server none is, and there a single statement is by far the cheapest.  Where it fails its
// parts tell whatever can be told.
template <std::size_t... Sizes>
constexpr auto joined(const Column (&... parts)[Sizes]) {
  std::array<Column, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::ranges::copy(parts, end).out), ...);
  return all;
}

constexpr auto kWhole = joined(kNodeState, kServer, kSystemIdentifier, kWrittenTimeline,
                               kReplayedTimeline, kReplay, kConflict, kWalReceiver);

/// Each part finds its columns in the row.
std::optional<Failure> apply_whole(const StatementOutcome& outcome, SteadyTime now,
                                   NodeState& state) {
  if (!outcome) return outcome.error();
  std::optional<Failure> first;
  for (const Statement& statement : statements()) {
    if (statement.group != StatementGroup::part) continue;
    const std::optional<Failure> failure = statement.apply(outcome, now, state);
    if (!first) first = failure;
  }
  return first;
}

constexpr Column kWalSenders[] = {
    {"pid"},
    {"application_name"},
    {"client_addr", "pg_catalog.host(client_addr)"},
    {"state"},
    {"sync_state"},
    {"sync_priority"},
    {"sent_lsn"},
    {"write_lsn"},
    {"flush_lsn"},
    {"replay_lsn"},
    {"write_lag", "extract(epoch from write_lag)"},
    {"flush_lag", "extract(epoch from flush_lag)"},
    {"replay_lag", "extract(epoch from replay_lag)"},
    {"reply_age", AGE("reply_time")},
    {"reply_time_us", MICROSECONDS("reply_time")},
};

constexpr Column kSlots[] = {
    {"slot_name"},
    {"slot_type"},
    {"active"},
    {"temporary"},
    {"active_pid"},
    {"wal_status"},
    {"restart_lsn"},
    {"safe_wal_size"},
    {"inactive_age", AGE("inactive_since"), 170000},
    {"invalidation_reason", nullptr, 170000},
    {"synced", nullptr, 170000},
};

constexpr Column kSyncRepWaiters[] = {
    {"pid"},
    {"backend_start_us", MICROSECONDS("backend_start")},
    {"query_start_us", "coalesce(" MICROSECONDS("query_start") ", 0)"},
    {"backend_xid", "coalesce(backend_xid::text::bigint, 0)"},
};

/// The oldest segment by its number alone: those of older timelines lie among the others.
#define OLDEST_SEGMENT \
  "pg_catalog.min(pg_catalog.substr(name, 9, 16)) filter (where name ~ '^[0-9A-F]{24}$')"

constexpr Column kWalDirectory[] = {
    {"bytes", "coalesce(pg_catalog.sum(size), 0)::bigint"},
    {"files", "pg_catalog.count(*)"},
    {"oldest_lsn", "pg_catalog.left(" OLDEST_SEGMENT ", 8) || '/' || pg_catalog.to_hex(('x' || "
                   "pg_catalog.right(" OLDEST_SEGMENT ", 8))::bit(32)::bigint * "
                   "pg_catalog.pg_size_bytes(pg_catalog.current_setting('wal_segment_size')))"},
};
#undef OLDEST_SEGMENT

constexpr Column kRedo[] = {{"redo_lsn"}};

constexpr Column kArchiver[] = {
    {"archived_count"},
    {"failed_count"},
    {"last_archived_age", AGE("last_archived_time")},
    {"last_failed_age", AGE("last_failed_time")},
    {"last_failed_wal"},
};

constexpr Column kArchiveStatus[] = {
    {"ready_files", "pg_catalog.count(*)"},
    {"oldest_ready_age", AGE("pg_catalog.min(modification)")},
};

constexpr Column kBasebackups[] = {
    {"pid"},
    {"phase"},
    {"backup_total"},
    {"backup_streamed"},
};

constexpr auto kCore = StatementGroup::core;
constexpr auto kPart = StatementGroup::part;
constexpr auto kSlow = StatementGroup::slow;

// There is a row without a receiver, too.
constexpr char kWithReceiver[] =
    " from pg_catalog.pg_stat_wal_receiver right join (select) self on true";

constexpr Statement kStatements[] = {
    {"pgrepl_whole", kCore, kWhole, kWithReceiver, apply_whole},
    {"pgrepl_node_state", kPart, kNodeState, "", apply_node_state},
    {"pgrepl_server", kPart, kServer, "", apply_server},
    {"pgrepl_system_identifier", kPart, kSystemIdentifier, "",
     apply_core<decode_system_identifier, &NodeState::system_identifier,
                &MissingParts::system_identifier>},
    {"pgrepl_written_timeline", kPart, kWrittenTimeline, "", apply_written_timeline},
    {"pgrepl_replayed_timeline", kPart, kReplayedTimeline, "", apply_replayed_timeline},
    {"pgrepl_replay", kPart, kReplay, "", apply_replay},
    {"pgrepl_replay_conflict", kPart, kConflict, "", apply_replay_conflict},
    {"pgrepl_wal_receiver", kPart, kWalReceiver, kWithReceiver, apply_wal_receiver},

    {"pgrepl_wal_senders", kCore, kWalSenders, " from pg_catalog.pg_stat_replication",
     apply_core<decode_wal_senders, &NodeState::wal_senders, &MissingParts::wal_senders>},
    {"pgrepl_slots", kCore, kSlots, " from pg_catalog.pg_replication_slots",
     apply_core<decode_slots, &NodeState::slots, &MissingParts::slots>},
    // The function behind pg_stat_activity: the view's joins cost more than all the rest.
    {"pgrepl_sync_rep_waiters", kCore, kSyncRepWaiters,
     " from pg_catalog.pg_stat_get_activity(null) where wait_event = 'SyncRep'",
     apply_core<decode_sync_rep_waiters, &NodeState::sync_rep_waiters,
                &MissingParts::sync_rep_waiters>},

    {"pgrepl_settings", kSlow, kSettings, "", apply_slow<decode_settings, &NodeState::settings>},
    // The monitor's own role writes nothing.
    {"pgrepl_commit_overrides", kSlow, kCommitOverrides,
     " from pg_catalog.pg_db_role_setting s"
     " left join pg_catalog.pg_database d on d.oid = s.setdatabase,"
     " pg_catalog.unnest(s.setconfig) c"
     " where c ~* '^synchronous_commit=(off|false|no|0|local|remote_write)$'"
     " and pg_catalog.pg_get_userbyid(s.setrole) <> current_user",
     apply_slow<decode_commit_overrides, &NodeState::commit_overrides>},
    {"pgrepl_wal_directory", kSlow, kWalDirectory, " from pg_catalog.pg_ls_waldir()",
     apply_slow<decode_wal_directory, &NodeState::wal_directory>},
    {"pgrepl_redo", kSlow, kRedo, " from pg_catalog.pg_control_checkpoint()", apply_redo},
    {"pgrepl_archiver", kSlow, kArchiver, " from pg_catalog.pg_stat_archiver",
     apply_slow<decode_archiver, &NodeState::archiver>},
    {"pgrepl_archive_status", kSlow, kArchiveStatus,
     " from pg_catalog.pg_ls_archive_statusdir() where name like '%.ready'",
     apply_slow<decode_archive_status, &NodeState::archive_status>},
    {"pgrepl_basebackups", kSlow, kBasebackups, " from pg_catalog.pg_stat_progress_basebackup",
     apply_slow<decode_basebackups, &NodeState::basebackups>},
};

}  // namespace

std::span<const Statement> statements() { return kStatements; }

std::string statement_sql(const Statement& statement, int server_version) {
  std::string sql;
  for (const Column& column : statement.columns) {
    if (column.since > server_version) continue;
    sql += sql.empty() ? "select " : ", ";
    if (column.sql != nullptr) sql.append("(").append(column.sql).append(") as ");
    sql += column.name;
  }
  return sql + statement.rest;
}

}  // namespace pgrepl
