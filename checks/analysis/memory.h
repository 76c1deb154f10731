// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/analysis/disk_history.h"
#include "checks/analysis/failover_memory.h"
#include "checks/analysis/lag_history.h"
#include "checks/analysis/lsn_clock.h"
#include "checks/base/result.h"
#include "checks/base/state.h"
#include "checks/base/time.h"
#include "checks/model/maintenance.h"
#include "checks/model/postgres_rows.h"

namespace pgrepl {

/// Names one judged thing: a check, the node at fault, and the slot or filesystem (empty if none).
struct CheckKey {
  std::string check, node, object;

  auto operator<=>(const CheckKey&) const = default;
};

/// What the judge remembers of a finding, so that it counts only after it has lasted.
struct HoldMemory {
  State published = State::unknown;  ///< what was last published
  State pending = State::unknown;    ///< what the polls since `since` have said
  SteadyTime since;                  ///< when `pending` was first seen
  int polls = 0;                     ///< how many polls in a row have said `pending` or worse
  SteadyTime published_since;        ///< since when `published` holds
  std::string cause;                 ///< id of the cause of `published`; empty: none was given

  bool operator==(const HoldMemory&) const = default;
};

/// An event worth telling weeks later: a promotion, a lost node, a lost slot.
struct JournalEntry {
  WallTime at;
  std::string kind;                 ///< a finite set of words, see journal.h
  std::string node;                 ///< empty: the cluster as a whole
  std::string evidence;             ///< names and numbers, one line
  std::string object;               ///< the slot, or the kind of a failover; empty for most
  std::optional<Seconds> duration;  ///< how long that lasted which the event ends
  bool during_maintenance = false;  ///< the cluster was under maintenance then

  bool operator==(const JournalEntry&) const = default;
};

/// The newest reply that a walsender has had from its standby.
struct WalsenderReply {
  int pid = 0;  ///< of the walsender
  std::int64_t reply_time_us = 0;

  auto operator<=>(const WalsenderReply&) const = default;
};

/// What a node showed when it last answered, so that a change can be told.  What an answer left
/// out stays as it was known.
struct LastAnswer {
  SteadyTime read_began;          ///< the node lived and was as it said
  std::string system_identifier;  ///< empty: not known yet
  std::uint32_t timeline = 0;     ///< 0: not known yet
  std::optional<std::int64_t>
      postmaster_start_us;      ///< microseconds since 1970 by the server's clock
  std::optional<Lsn> position;  ///< primary: flushed; standby: replayed
  std::string upstream;         ///< "host:port" of the sender; empty: none known yet

  bool operator==(const LastAnswer&) const = default;
};

/// A node that had answered before and no longer does.
struct Silence {
  SteadyTime since;  ///< end of the first poll without an answer
  int polls = 0;     ///< without an answer in a row

  bool operator==(const Silence&) const = default;
};

/// Which standbys commits wait for, as the primary showed it last.
struct SynchronousStandbys {
  std::string names;  ///< application names, joined; empty: none
  SteadyTime since;   ///< first seen so

  bool operator==(const SynchronousStandbys&) const = default;
};

/// Where a standby's replay stood when it last answered.  Should it be promoted, all that lies
/// before is shared with the old primary, and `read_began` is a moment at which it had not been
/// promoted yet.
struct ReplayedPosition {
  std::string system_identifier;  ///< empty: not known
  std::uint32_t timeline = 0;
  Lsn lsn;
  SteadyTime read_began;

  bool operator==(const ReplayedPosition&) const = default;
};

/// A promotion: where a node left the timeline just before.  The place is the one that both
/// positions name, or lies between them.
struct ForkPoint {
  std::string system_identifier;
  std::uint32_t timeline = 0;  ///< the new one
  std::string node;            ///< the one that was promoted
  Lsn at_least, at_most;

  bool operator==(const ForkPoint&) const = default;
};

/// Since when a node has been primary on one timeline, as far as it was seen.
struct PrimarySince {
  std::uint32_t timeline = 0;  ///< 0: not told
  SteadyTime seen;             ///< end of the first reading that showed it

  bool operator==(const PrimarySince&) const = default;
};

/// How far a standby has come since it lost its receiver.
struct ReplayWithoutReceiver {
  Lsn lsn;  ///< all up to here needs no archive, or has come out of it already
  std::optional<SteadyTime> advanced;  ///< when replay was last seen beyond what it had

  bool operator==(const ReplayWithoutReceiver&) const = default;
};

/// All that analysis and judge must remember of a cluster from poll to poll, and over a restart.
struct ClusterMemory {
  static constexpr std::size_t kMaxJournal = 256;
  static constexpr std::size_t kMaxClocks = 4;
  static constexpr std::size_t kMaxForks = 16;

  /// One per history that a primary was seen on or heard of, see written_history(); the one fed
  /// last comes last, and at most kMaxClocks are kept.
  std::vector<LsnClock> clocks;
  std::map<std::pair<std::string, std::string>, SteadyTime> slot_inactive_since;  ///< (node, slot)
  std::map<std::pair<std::string, SyncRepWaiter>, SteadyTime> sync_rep_since;  ///< (node, waiter)
  std::map<std::pair<std::string, WalsenderReply>, SteadyTime> reply_since;    ///< (node, reply)
  std::map<std::string, SteadyTime> archive_trouble_since;  ///< node; see archive_in_trouble()
  std::map<std::string, std::string> last_role;             ///< node -> role, while it answered
  std::map<std::string, PrimarySince> primary_since;        ///< node, as long as it is primary
  // Not stored: who was connected while nobody looked is not known.
  std::map<std::string, SteadyTime> unserved_since;  ///< standby with a receiver; note_unserved()
  std::map<std::string, std::set<int>> last_walsenders;  ///< node: pids in the last poll
  /// (Node, standby): pids of the node's walsenders that serve others; see note_other_clients().
  std::map<std::pair<std::string, std::string>, std::set<int>> others_walsenders;

  std::map<std::string, ReplayedPosition> last_replayed;  ///< node, as long as it was a standby
  std::map<std::string, ReplayWithoutReceiver> without_receiver;  ///< standby without a receiver
  std::map<std::string, LagHistory> lag_history;                  ///< standby
  std::map<std::string, LastAnswer> last_answer;                  ///< node
  std::map<std::string, Silence> silence;                         ///< node, while it is silent
  std::set<std::pair<std::string, std::string>> lost_slots;       ///< (node, slot) that are lost
  std::optional<SynchronousStandbys> synchronous;                 ///< absent: not seen yet
  std::optional<NotedMaintenance> maintenance;                    ///< absent: none goes on
  std::optional<SolePrimary> sole_primary;                        ///< absent: none has been seen
  std::optional<Failover> failover;           ///< the last one; absent: none has been seen
  std::optional<SteadyTime> not_ready_since;  ///< no standby could take over; see note_readiness()
  /// (node, purpose of the directory)
  std::map<std::pair<std::string, std::string>, DiskHistory> disk_history;
  std::map<std::string, std::string> used_slot;  ///< node -> slot on its sender; see slot_use()
  std::map<std::string, bool> rewindable;        ///< node: wal_log_hints or data checksums are on
  std::vector<ForkPoint> forks;                  ///< oldest first, at most kMaxForks
  bool sync_seen = false;  ///< a synchronous standby has been seen: `automatic` now means required
  std::map<CheckKey, HoldMemory> holds;
  std::vector<JournalEntry> journal;  ///< oldest first, at most kMaxJournal
  std::map<std::string, std::uint64_t>
      event_counts;  ///< by kind; those that made room in the journal included

  bool operator==(const ClusterMemory&) const = default;
};

/// The memory as text for a store: a version, then one line per remembered thing.  Steady times are
/// written as calendar times by way of `now`.  Pure.
std::string encode_memory(const ClusterMemory& memory, Instant now);

/// Reads encode_memory()'s text back at a later `now`.
///
/// Neither clock alone tells how much time has passed in between: the steady one starts anew with
/// the machine, the calendar may have been set.  Both do, as a bracket; a since-time or a
/// first_seen takes the shorter way (it has lasted at least so long), a last_seen the longer one,
/// so that a lag's bounds stay true.  Where the two agree, as they do in the usual restart, every
/// time comes back exactly.
///
/// What lies in the future of `now` is dropped: everything with a steady time, if the calendar
/// stands before the moment of writing.  The error says what is wrong with which line; a newer
/// version is an error, and so is a text without its end.  Pure.
Result<ClusterMemory, std::string> decode_memory(std::string_view text, Instant now);

}  // namespace pgrepl
