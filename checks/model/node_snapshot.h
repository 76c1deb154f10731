// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/base/result.h"
#include "checks/base/time.h"
#include "checks/model/failure.h"
#include "checks/model/postgres_rows.h"

namespace pgrepl {

/// A fact that is read on its own, slower cadence and may fail without costing the others.
template <class T>
struct SlowFact {
  std::optional<T> value;             ///< absent: not read yet, or the last reading failed
  std::optional<Failure> failure;     ///< why the last reading failed
  std::optional<SteadyTime> read_at;  ///< end of the last reading that gave the value

  bool operator==(const SlowFact&) const = default;
};

/// The span of our clock within which a server looked at itself: after the statement left, before
/// its answer was here.
struct ReadingSpan {
  SteadyTime began;
  SteadyTime ended;

  bool operator==(const ReadingSpan&) const = default;
};

/// Why a part of a node's answer is missing although the node answered.  An absent failure: that
/// part was read.  A present one: the part is empty because it is not known, which is not "there
/// are none".
struct MissingParts {
  std::optional<Failure> wal_senders, slots, wal_receiver, sync_rep_waiters;
  std::optional<Failure> system_identifier, timeline;
  std::optional<Failure> server;                   ///< start time and synchronous_standby_names
  std::optional<Failure> replay, replay_conflict;  ///< whether something holds replay up

  bool operator==(const MissingParts&) const = default;
};

/// What one PostgreSQL server said of itself in one poll.
struct NodeState {
  int server_version_num = 0;  ///< 150018
  std::string server_version;  ///< "15.18 (Debian 15.18-0+deb12u1)"
  bool in_recovery = false;
  /// Decimal; 64 bits, more than a double holds.  Absent: the server did not tell.
  std::optional<std::string> system_identifier;
  std::optional<std::uint32_t> timeline;
  std::optional<double> postmaster_start_timestamp;  ///< seconds since 1970 by the server's clock
  bool has_pg_monitor = false;  ///< without it the views hide what matters, and say so by NULL
  /// The setting.  Read with every poll, for it must fit the walsenders of the same moment.
  std::optional<std::string> synchronous_standby_names;

  ReadingSpan position_read;                   ///< when the positions below were true
  std::optional<Lsn> current_wal_flush_lsn;    ///< primary only
  std::optional<Lsn> receive_lsn, replay_lsn;  ///< standby only
  /// Primary only: the end of what it replayed before it took writes; absent after a clean start.
  std::optional<Lsn> recovery_end_lsn;
  /// Primary only: a receiver fed that recovery, so that it ended with a promotion and its end is
  /// where the timeline begins.
  std::optional<bool> was_streamed_to;
  std::optional<bool> replay_paused;            ///< standby only
  std::optional<bool> replay_conflict;          ///< standby only: replay waits for a query's end
  std::optional<Seconds> last_xact_replay_age;  ///< standby only; grows on an idle primary

  std::vector<StatReplicationRow> wal_senders;
  std::vector<ReplicationSlotRow> slots;
  std::optional<StatWalReceiverRow> wal_receiver;
  std::vector<SyncRepWaiter> sync_rep_waiters;
  MissingParts missing;  ///< rare: a statement failed three times in a row, or is forbidden
  std::optional<Seconds> round_trip;  ///< TCP_INFO of our session; absent over a unix socket

  SlowFact<Settings> settings;
  SlowFact<CommitOverrides> commit_overrides;
  SlowFact<WalDirectory> wal_directory;
  SlowFact<StatArchiverRow> archiver;
  SlowFact<ArchiveStatusDirectory> archive_status;
  SlowFact<std::vector<ProgressBasebackupRow>> basebackups;

  bool operator==(const NodeState&) const = default;
};

/// One node in one poll.  A node that did not answer is data like any other.
struct NodeSnapshot {
  std::string name;  ///< as configured
  Result<NodeState, Failure> state = Failed{Failure{FailureClass::other, "not polled yet"}};
  /// The server has said, since it last answered, that it is being stopped.
  bool announced_stop = false;
  Seconds poll_duration{0};  ///< from the start of this node's poll to its end or failure

  bool up() const { return state.has_value(); }
  bool operator==(const NodeSnapshot&) const = default;
};

}  // namespace pgrepl
