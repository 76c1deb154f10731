// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "checks/analysis/lsn_clock.h"
#include "checks/base/result.h"
#include "checks/base/state.h"
#include "checks/base/time.h"
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

  bool operator==(const HoldMemory&) const = default;
};

/// An event worth telling weeks later: a promotion, a lost node, a lost slot.
struct JournalEntry {
  WallTime at;
  std::string kind;  ///< a finite set of words, such as "role_changed"
  std::string node;
  std::string evidence;

  bool operator==(const JournalEntry&) const = default;
};

/// All that analysis and judge must remember of a cluster from poll to poll, and over a restart.
struct ClusterMemory {
  static constexpr std::size_t kMaxJournal = 256;

  std::vector<LsnClock> clocks;  ///< one per (system identifier, timeline) that a primary was seen on
  std::map<std::pair<std::string, std::string>, SteadyTime> slot_inactive_since;  ///< (node, slot)
  std::map<std::pair<std::string, SyncRepWaiter>, SteadyTime> sync_rep_since;     ///< (node, waiter)
  std::map<std::string, SteadyTime> archive_trouble_since;                        ///< node
  std::map<std::string, std::string> last_role;                                   ///< node -> role
  bool sync_seen = false;  ///< a synchronous standby has been seen: `automatic` now means required
  std::map<CheckKey, HoldMemory> holds;
  std::vector<JournalEntry> journal;  ///< oldest first, at most kMaxJournal

  bool operator==(const ClusterMemory&) const = default;
};

/// The memory as text for a store: a version, then one line per remembered thing.  Steady times are
/// written as calendar times by way of `now`.  Pure.
std::string encode_memory(const ClusterMemory& memory, Instant now);

/// Reads encode_memory()'s text back at a later `now`.  What lies in the future of `now` (the calendar
/// was set back) is dropped.  The error says what is wrong with which line; a newer version is an error.
/// Pure.
Result<ClusterMemory, std::string> decode_memory(std::string_view text, Instant now);

}  // namespace pgrepl
