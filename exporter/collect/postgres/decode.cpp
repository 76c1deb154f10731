// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/decode.h"

#include <string>

#include "exporter/collect/postgres/row_reader.h"

namespace pgrepl {
namespace {

template <class T>
Decoded<T> decode_row(const PGresult& rows, int number, void (*read)(RowReader&, T&)) {
  RowReader reader(rows, number);
  T row;
  read(reader, row);
  if (reader.failure()) return Failed{*reader.failure()};
  return row;
}

template <class T>
Decoded<std::vector<T>> decode_rows(const PGresult& rows, void (*read)(RowReader&, T&)) {
  std::vector<T> all;
  for (int number = 0; number < PQntuples(&rows); ++number) {
    Decoded<T> row = decode_row(rows, number, read);
    if (!row) return Failed{row.error()};
    all.push_back(std::move(*row));
  }
  return all;
}

template <class T>
Decoded<T> decode_single_row(const PGresult& rows, void (*read)(RowReader&, T&)) {
  if (PQntuples(&rows) == 1) return decode_row(rows, 0, read);
  return Failed{
      Failure{FailureClass::query_failed,
              "the answer has " + std::to_string(PQntuples(&rows)) + " rows instead of one"}};
}

void read_node_state(RowReader& row, NodeState& state) {
  row.read("in_recovery", state.in_recovery);
  row.read("has_pg_monitor", state.has_pg_monitor);
  row.read("current_wal_flush_lsn", state.current_wal_flush_lsn);
  row.read("receive_lsn", state.receive_lsn);
  row.read("replay_lsn", state.replay_lsn);
  row.read("recovery_end_lsn", state.recovery_end_lsn);
  row.read("was_streamed_to", state.was_streamed_to);
}

void read_server(RowReader& row, ServerFields& server) {
  row.read("postmaster_start_timestamp", server.postmaster_start_timestamp);
  row.read("synchronous_standby_names", server.synchronous_standby_names);
}

void read_replay(RowReader& row, ReplayFields& replay) {
  row.read("replay_paused", replay.replay_paused);
  row.read("last_xact_replay_age", replay.last_xact_replay_age);
}

void read_system_identifier(RowReader& row, std::optional<std::string>& identifier) {
  row.read("system_identifier", identifier.emplace());
}

void read_replay_conflict(RowReader& row, std::optional<bool>& conflict) {
  row.read("replay_conflict", conflict);
}

void read_written_timeline(RowReader& row, std::optional<std::uint32_t>& timeline) {
  row.read("written_timeline", timeline);
}

void read_replayed_timeline(RowReader& row, std::optional<std::uint32_t>& timeline) {
  row.read("replayed_timeline", timeline);
}

void read_wal_sender(RowReader& row, StatReplicationRow& sender) {
  std::optional<std::string> application_name;  // NULL until the client has sent its name
  row.read("pid", sender.pid);
  row.read("application_name", application_name);
  sender.application_name = application_name.value_or("");
  row.read("client_addr", sender.client_addr);
  row.read("state", sender.state);
  row.read("sync_state", sender.sync_state);
  row.read("sync_priority", sender.sync_priority);
  row.read("sent_lsn", sender.sent_lsn);
  row.read("write_lsn", sender.write_lsn);
  row.read("flush_lsn", sender.flush_lsn);
  row.read("replay_lsn", sender.replay_lsn);
  row.read("write_lag", sender.write_lag);
  row.read("flush_lag", sender.flush_lag);
  row.read("replay_lag", sender.replay_lag);
  row.read("reply_age", sender.reply_age);
  row.read("reply_time_us", sender.reply_time_us);
}

void read_slot(RowReader& row, ReplicationSlotRow& slot) {
  row.read("slot_name", slot.slot_name);
  row.read("slot_type", slot.slot_type);
  row.read("active", slot.active);
  row.read("temporary", slot.temporary);
  row.read("active_pid", slot.active_pid);
  row.read("wal_status", slot.wal_status);
  row.read("restart_lsn", slot.restart_lsn);
  row.read("safe_wal_size", slot.safe_wal_size);
  if (row.has("inactive_age")) row.read("inactive_age", slot.inactive_age);
  if (row.has("invalidation_reason")) row.read("invalidation_reason", slot.invalidation_reason);
  if (row.has("synced")) row.read("synced", slot.synced);
}

void read_wal_receiver(RowReader& row, std::optional<StatWalReceiverRow>& found) {
  std::optional<int> pid;
  row.read("pid", pid);
  if (!pid) return;
  StatWalReceiverRow& receiver = found.emplace(StatWalReceiverRow{.pid = *pid});
  row.read("status", receiver.status);
  row.read("sender_host", receiver.sender_host);
  row.read("sender_port", receiver.sender_port);
  row.read("slot_name", receiver.slot_name);
  row.read("received_tli", receiver.received_tli);
  row.read("flushed_lsn", receiver.flushed_lsn);
  row.read("latest_end_lsn", receiver.latest_end_lsn);
  row.read("latest_end_age", receiver.latest_end_age);
  row.read("last_message_age", receiver.last_message_age);
}

void read_sync_rep_waiter(RowReader& row, SyncRepWaiter& waiter) {
  row.read("pid", waiter.pid);
  row.read("backend_start_us", waiter.backend_start_us);
  row.read("query_start_us", waiter.query_start_us);
  row.read("backend_xid", waiter.backend_xid);
}

void read_settings(RowReader& row, Settings& settings) {
  row.read("wal_level", settings.wal_level);
  row.read("synchronous_commit", settings.synchronous_commit);
  row.read("archive_mode", settings.archive_mode);
  row.read("hot_standby", settings.hot_standby);
  row.read("archive_configured", settings.archive_configured);
  row.read("restore_configured", settings.restore_configured);
  row.read("upstream_configured", settings.upstream_configured);
  row.read("max_wal_senders", settings.max_wal_senders);
  row.read("max_replication_slots", settings.max_replication_slots);
  row.read("max_connections", settings.max_connections);
  row.read("max_worker_processes", settings.max_worker_processes);
  row.read("max_prepared_transactions", settings.max_prepared_transactions);
  row.read("max_locks_per_transaction", settings.max_locks_per_transaction);
  row.read("wal_keep_size", settings.wal_keep_size);
  row.read("max_wal_size", settings.max_wal_size);
  row.read("wal_segment_size", settings.wal_segment_size);
  row.read("max_slot_wal_keep_size", settings.max_slot_wal_keep_size);
  row.read("recovery_min_apply_delay", settings.recovery_min_apply_delay);
  row.read("wal_receiver_status_interval", settings.wal_receiver_status_interval);
  row.read("wal_sender_timeout", settings.wal_sender_timeout);
  row.read("wal_log_hints", settings.wal_log_hints);
  row.read("data_checksums", settings.data_checksums);
  row.read("primary_slot_name", settings.primary_slot_name);
  row.read("cluster_name", settings.cluster_name);
  row.read("data_directory", settings.data_directory);
}

void read_commit_overrides(RowReader& row, CommitOverrides& overrides) {
  row.read("weaker", overrides.weaker);
  row.read("names", overrides.names);
}

void read_wal_directory(RowReader& row, WalDirectory& directory) {
  row.read("bytes", directory.bytes);
  row.read("files", directory.files);
  row.read("oldest_lsn", directory.oldest_lsn);
}

void read_redo(RowReader& row, std::optional<Lsn>& redo) { row.read("redo_lsn", redo); }

void read_archiver(RowReader& row, StatArchiverRow& archiver) {
  row.read("archived_count", archiver.archived_count);
  row.read("failed_count", archiver.failed_count);
  row.read("last_archived_age", archiver.last_archived_age);
  row.read("last_failed_age", archiver.last_failed_age);
  row.read("last_failed_wal", archiver.last_failed_wal);
}

void read_archive_status(RowReader& row, ArchiveStatusDirectory& directory) {
  row.read("ready_files", directory.ready_files);
  row.read("oldest_ready_age", directory.oldest_ready_age);
}

void read_basebackup(RowReader& row, ProgressBasebackupRow& backup) {
  row.read("pid", backup.pid);
  row.read("phase", backup.phase);
  row.read("backup_total", backup.backup_total);
  row.read("backup_streamed", backup.backup_streamed);
}

}  // namespace

Decoded<NodeState> decode_node_state(const PGresult& rows) {
  return decode_single_row(rows, read_node_state);
}

Decoded<ServerFields> decode_server(const PGresult& rows) {
  return decode_single_row(rows, read_server);
}

Decoded<ReplayFields> decode_replay(const PGresult& rows) {
  return decode_single_row(rows, read_replay);
}

Decoded<std::optional<std::string>> decode_system_identifier(const PGresult& rows) {
  return decode_single_row(rows, read_system_identifier);
}

Decoded<std::optional<bool>> decode_replay_conflict(const PGresult& rows) {
  return decode_single_row(rows, read_replay_conflict);
}

Decoded<std::optional<std::uint32_t>> decode_written_timeline(const PGresult& rows) {
  return decode_single_row(rows, read_written_timeline);
}

Decoded<std::optional<std::uint32_t>> decode_replayed_timeline(const PGresult& rows) {
  return decode_single_row(rows, read_replayed_timeline);
}

Decoded<std::vector<StatReplicationRow>> decode_wal_senders(const PGresult& rows) {
  return decode_rows(rows, read_wal_sender);
}

Decoded<std::vector<ReplicationSlotRow>> decode_slots(const PGresult& rows) {
  return decode_rows(rows, read_slot);
}

Decoded<std::optional<StatWalReceiverRow>> decode_wal_receiver(const PGresult& rows) {
  return decode_single_row(rows, read_wal_receiver);
}

Decoded<std::vector<SyncRepWaiter>> decode_sync_rep_waiters(const PGresult& rows) {
  return decode_rows(rows, read_sync_rep_waiter);
}

Decoded<Settings> decode_settings(const PGresult& rows) {
  return decode_single_row(rows, read_settings);
}

Decoded<CommitOverrides> decode_commit_overrides(const PGresult& rows) {
  return decode_single_row(rows, read_commit_overrides);
}

Decoded<WalDirectory> decode_wal_directory(const PGresult& rows) {
  return decode_single_row(rows, read_wal_directory);
}

Decoded<std::optional<Lsn>> decode_redo(const PGresult& rows) {
  return decode_single_row(rows, read_redo);
}

Decoded<StatArchiverRow> decode_archiver(const PGresult& rows) {
  return decode_single_row(rows, read_archiver);
}

Decoded<ArchiveStatusDirectory> decode_archive_status(const PGresult& rows) {
  return decode_single_row(rows, read_archive_status);
}

Decoded<std::vector<ProgressBasebackupRow>> decode_basebackups(const PGresult& rows) {
  return decode_rows(rows, read_basebackup);
}

}  // namespace pgrepl
