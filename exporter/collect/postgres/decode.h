// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/base/result.h"
#include "checks/model/failure.h"
#include "checks/model/node_snapshot.h"
#include "exporter/collect/postgres/pg_handles.h"

// From the server's rows to the model's, column by column by name.  NULL becomes an absent
// optional.  A column that is missing, a NULL or a text where it cannot be, and a number of rows
// that cannot be, are a failure of class query_failed.  All pure.
namespace pgrepl {

template <class T>
using Decoded = Result<T, Failure>;

/// The row without which there is no answer: the node's role and positions.
Decoded<NodeState> decode_node_state(const PGresult& rows);

/// Fields of NodeState that one statement reads together.
struct ServerFields {
  std::optional<double> postmaster_start_timestamp;
  std::optional<std::string> synchronous_standby_names;
};
Decoded<ServerFields> decode_server(const PGresult& rows);

/// The same; both absent on a primary.
struct ReplayFields {
  std::optional<bool> replay_paused;
  std::optional<Seconds> last_xact_replay_age;
};
Decoded<ReplayFields> decode_replay(const PGresult& rows);

Decoded<std::optional<std::string>> decode_system_identifier(const PGresult& rows);
/// Absent on a primary.
Decoded<std::optional<bool>> decode_replay_conflict(const PGresult& rows);
/// Each is absent where the node has the other role.
Decoded<std::optional<std::uint32_t>> decode_written_timeline(const PGresult& rows);
Decoded<std::optional<std::uint32_t>> decode_replayed_timeline(const PGresult& rows);

Decoded<std::vector<StatReplicationRow>> decode_wal_senders(const PGresult& rows);
Decoded<std::vector<ReplicationSlotRow>> decode_slots(const PGresult& rows);
Decoded<std::optional<StatWalReceiverRow>> decode_wal_receiver(const PGresult& rows);
Decoded<std::vector<SyncRepWaiter>> decode_sync_rep_waiters(const PGresult& rows);
Decoded<Settings> decode_settings(const PGresult& rows);
Decoded<CommitOverrides> decode_commit_overrides(const PGresult& rows);
Decoded<WalDirectory> decode_wal_directory(const PGresult& rows);
Decoded<std::optional<Lsn>> decode_redo(const PGresult& rows);
Decoded<StatArchiverRow> decode_archiver(const PGresult& rows);
Decoded<ArchiveStatusDirectory> decode_archive_status(const PGresult& rows);
Decoded<std::vector<ProgressBasebackupRow>> decode_basebackups(const PGresult& rows);

}  // namespace pgrepl
