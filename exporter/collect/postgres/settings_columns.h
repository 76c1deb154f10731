// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/collect/postgres/queries.h"

// What is asked of the server's configuration: part of queries.cpp, which alone includes this.
#define SETTING(name) "pg_catalog.current_setting('" name "', true)"
#define SETTING_INT(name) SETTING(name) "::int"
#define SETTING_BYTES(name) "pg_catalog.pg_size_bytes(" SETTING(name) ")"
#define SETTING_SECONDS(name) "extract(epoch from " SETTING(name) "::interval)"

namespace pgrepl {

// archive_command may hold a password, so only whether there is one leaves the server;
// primary_conninfo does hold one, and only whether it is set leaves the server.
inline constexpr char kArchiveConfigured[] =
    "coalesce(" SETTING("archive_command") ", '') not in ('', '(disabled)')"
    " or coalesce(" SETTING("archive_library") ", '') <> ''";

// These ask for more than a login: without it the others are still told.
#define IF_READS_SETTINGS(expression)                                                \
  "case when pg_catalog.pg_has_role(current_user, 'pg_read_all_settings', 'usage') " \
  "then " expression " end"

// Our own session shows what its role or database sets, which says nothing of the server's others.
inline constexpr char kSynchronousCommit[] =
    "case when not exists (select from pg_catalog.pg_db_role_setting s"
    " left join pg_catalog.pg_database d on d.oid = s.setdatabase,"
    " pg_catalog.unnest(s.setconfig) c where c like 'synchronous_commit=%'"
    " and (s.setrole = 0 or pg_catalog.pg_get_userbyid(s.setrole) = current_user)"
    " and (s.setdatabase = 0 or d.datname = pg_catalog.current_database()))"
    " then " SETTING("synchronous_commit") " end";

inline constexpr Column kSettings[] = {
    {"wal_level", SETTING("wal_level")},
    {"synchronous_commit", kSynchronousCommit},
    {"archive_mode", SETTING("archive_mode")},
    {"hot_standby", SETTING("hot_standby") "::boolean"},
    {"archive_configured", kArchiveConfigured},
    {"restore_configured", "coalesce(" SETTING("restore_command") ", '') <> ''"},
    {"upstream_configured", IF_READS_SETTINGS(SETTING("primary_conninfo") " <> ''")},
    {"max_wal_senders", SETTING_INT("max_wal_senders")},
    {"max_replication_slots", SETTING_INT("max_replication_slots")},
    {"max_connections", SETTING_INT("max_connections")},
    {"max_worker_processes", SETTING_INT("max_worker_processes")},
    {"max_prepared_transactions", SETTING_INT("max_prepared_transactions")},
    {"max_locks_per_transaction", SETTING_INT("max_locks_per_transaction")},
    {"wal_keep_size", SETTING_BYTES("wal_keep_size")},
    {"max_wal_size", SETTING_BYTES("max_wal_size")},
    {"wal_segment_size", SETTING_BYTES("wal_segment_size")},
    {"max_slot_wal_keep_size", SETTING_BYTES("max_slot_wal_keep_size")},
    {"recovery_min_apply_delay", SETTING_SECONDS("recovery_min_apply_delay")},
    {"wal_receiver_status_interval", SETTING_SECONDS("wal_receiver_status_interval")},
    {"wal_sender_timeout", SETTING_SECONDS("wal_sender_timeout")},
    {"wal_log_hints", SETTING("wal_log_hints") "::boolean"},
    {"data_checksums", SETTING("data_checksums") "::boolean"},
    {"primary_slot_name", SETTING("primary_slot_name")},
    {"cluster_name", SETTING("cluster_name")},
    {"data_directory", IF_READS_SETTINGS(SETTING("data_directory"))},
};

#define OVERRIDE_NAME                                                              \
  "case when s.setrole <> 0 then 'role ' || pg_catalog.pg_get_userbyid(s.setrole)" \
  " || coalesce(' in database ' || d.datname, '')"                                 \
  " when s.setdatabase <> 0 then 'database ' || coalesce(d.datname, '?') else 'all roles' end"
inline constexpr Column kCommitOverrides[] = {
    {"weaker", "pg_catalog.count(*)"},
    {"names", "pg_catalog.left(pg_catalog.string_agg(" OVERRIDE_NAME
              ", ', ' order by " OVERRIDE_NAME "), 200)"},
};
#undef OVERRIDE_NAME

}  // namespace pgrepl

#undef IF_READS_SETTINGS
#undef SETTING_SECONDS
#undef SETTING_BYTES
#undef SETTING_INT
#undef SETTING
