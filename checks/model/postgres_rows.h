// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checks/base/lsn.h"
#include "checks/base/time.h"

// One struct per view, fields named after its columns, so that a reader can look them up in
// PostgreSQL's documentation.  An absent optional means: the server said NULL, or this version has
// no such column.  Ages are taken by the server's own clock in the same statement.
namespace pgrepl {

/// A row of pg_stat_replication: one walsender.
struct StatReplicationRow {
  int pid = 0;  ///< never published
  std::string application_name;
  std::optional<std::string> client_addr;  ///< absent over a unix socket
  std::optional<std::string>
      state;  ///< startup, catchup, streaming, backup, stopping; absent: no privilege
  std::optional<std::string> sync_state;  ///< async, potential, sync, quorum
  std::optional<int> sync_priority;
  std::optional<Lsn> sent_lsn, write_lsn, flush_lsn, replay_lsn;
  std::optional<Seconds> write_lag, flush_lag, replay_lag;  ///< they freeze: never judged alone
  std::optional<Seconds> reply_age;  ///< now() - reply_time: the primary's clock less the standby's
  std::optional<std::int64_t>
      reply_time_us;  ///< by the standby's clock: tells one reply from the next

  /// Whether commits wait for this one.
  bool is_synchronous() const { return sync_state == "sync" || sync_state == "quorum"; }

  bool operator==(const StatReplicationRow&) const = default;
};

/// A row of pg_replication_slots.
struct ReplicationSlotRow {
  std::string slot_name;
  std::string slot_type;  ///< physical or logical
  bool active = false;
  bool temporary = false;
  std::optional<int> active_pid;          ///< never published
  std::optional<std::string> wal_status;  ///< reserved, extended, unreserved, lost
  std::optional<Lsn> restart_lsn;         ///< absent once lost, or never used
  std::optional<std::int64_t>
      safe_wal_size;  ///< bytes; absent without max_slot_wal_keep_size or once lost
  std::optional<Seconds> inactive_age;  ///< now() - inactive_since, PostgreSQL 17 and newer
  std::optional<std::string> invalidation_reason;  ///< why it is lost, PostgreSQL 17 and newer
  bool synced =
      false;  ///< a copy that slot synchronisation keeps on a standby, PostgreSQL 17 and newer

  /// Whether it keeps WAL for a standby, however long that one is away.
  bool serves_standbys() const {
    return slot_type == "physical" && !temporary && wal_status != "lost";
  }

  bool operator==(const ReplicationSlotRow&) const = default;
};

/// The row of pg_stat_wal_receiver, if there is a receiver.
struct StatWalReceiverRow {
  int pid = 0;                        ///< never published
  std::optional<std::string> status;  ///< starting, waiting, streaming, restarting, stopping
  std::optional<std::string> sender_host;
  std::optional<int> sender_port;
  std::optional<std::string> slot_name;
  std::optional<std::uint32_t> received_tli;
  std::optional<Lsn> flushed_lsn;
  std::optional<Lsn> latest_end_lsn;  ///< the sender's own position, as it said in its last message
  std::optional<Seconds> latest_end_age;    ///< now() - latest_end_time
  std::optional<Seconds> last_message_age;  ///< now() - last_msg_receipt_time

  bool operator==(const StatWalReceiverRow&) const = default;
};

/// A backend in wait_event SyncRep: a commit that waits for a standby.  pg_stat_activity.
struct SyncRepWaiter {
  int pid = 0;
  std::int64_t backend_start_us = 0;  ///< all these together are the identity of this wait
  std::int64_t query_start_us = 0;
  std::int64_t backend_xid = 0;  ///< tells the commits of one procedure apart; 0: it has none

  auto operator<=>(const SyncRepWaiter&) const = default;
};

/// The row of pg_stat_archiver.
struct StatArchiverRow {
  std::int64_t archived_count = 0;
  std::int64_t failed_count = 0;
  std::optional<Seconds> last_archived_age;  ///< absent: nothing archived yet
  std::optional<Seconds> last_failed_age;    ///< absent: nothing failed yet
  std::optional<std::string> last_failed_wal;

  bool operator==(const StatArchiverRow&) const = default;
};

/// pg_ls_archive_statusdir(): WAL files that wait for the archiver.
struct ArchiveStatusDirectory {
  std::int64_t ready_files = 0;
  std::optional<Seconds> oldest_ready_age;  ///< absent: none waits

  bool operator==(const ArchiveStatusDirectory&) const = default;
};

/// A row of pg_stat_progress_basebackup: a base backup that is being taken.
struct ProgressBasebackupRow {
  int pid = 0;  ///< of its walsender; never published
  std::optional<std::string> phase;
  std::optional<std::int64_t> backup_total;     ///< bytes; absent: not estimated
  std::optional<std::int64_t> backup_streamed;  ///< bytes

  bool operator==(const ProgressBasebackupRow&) const = default;
};

/// pg_ls_waldir(): what lies in pg_wal, and from where on a crash would need it.
struct WalDirectory {
  std::int64_t bytes = 0;
  std::int64_t files = 0;
  std::optional<Lsn> oldest_lsn;  ///< where the oldest segment begins; absent: there is none
  std::optional<Lsn> redo_lsn;    ///< pg_control_checkpoint(), a statement of its own

  bool operator==(const WalDirectory&) const = default;
};

/// pg_db_role_setting: roles and databases with a synchronous_commit of their own that is weaker
/// than on.
struct CommitOverrides {
  int weaker = 0;
  std::optional<std::string> names;  ///< "role batch, database reports", cut off when long

  bool operator==(const CommitOverrides&) const = default;
};

/// The settings that the guide asks for and analysis needs, by current_setting().  An absent one
/// means: this version has none of that name.
struct Settings {
  std::optional<std::string> wal_level;
  std::optional<std::string> synchronous_commit;
  std::optional<std::string> archive_mode;  ///< off, on, always
  std::optional<bool> hot_standby;
  std::optional<bool>
      archive_configured;  ///< archive_command or archive_library is set; the text is not read
  std::optional<bool> restore_configured;   ///< restore_command is set; the text is not read
  std::optional<bool> upstream_configured;  ///< primary_conninfo is set; the text is not read
  std::optional<int> max_wal_senders;
  std::optional<int> max_replication_slots;
  std::optional<int> max_connections;
  std::optional<int> max_worker_processes;
  std::optional<int> max_prepared_transactions;
  std::optional<int> max_locks_per_transaction;
  std::optional<std::int64_t> wal_keep_size;           ///< bytes
  std::optional<std::int64_t> max_wal_size;            ///< bytes
  std::optional<std::int64_t> wal_segment_size;        ///< bytes
  std::optional<std::int64_t> max_slot_wal_keep_size;  ///< bytes; -1: no limit
  std::optional<Seconds> recovery_min_apply_delay;
  std::optional<Seconds> wal_receiver_status_interval;
  std::optional<Seconds> wal_sender_timeout;
  std::optional<bool> wal_log_hints, data_checksums;  ///< one of them must be on for pg_rewind
  std::optional<std::string> primary_slot_name;
  std::optional<std::string> cluster_name;
  std::optional<std::string> data_directory;

  bool operator==(const Settings&) const = default;
};

}  // namespace pgrepl
