// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/cluster/faults/stage.h"

namespace pgrepl::test {

/// What a check has to say of a fault.  Statuses as in pgrepl_check_status.
struct Verdict {
  std::string check, node;  ///< node empty: the cluster as a whole
  int status = 2;
  std::string cause;        ///< "" where it cannot look (UNKNOWN)
  std::string object = {};  ///< "": whichever
};

/// A series that has to come while the fault lasts.
struct Shown {
  std::string metric;
  Labels labels;
  double above = 0;
};

/// What else may change, and to what:
///   "check"          of every node and object may be UNKNOWN, for it cannot look
///   "check@node"     the same of one node alone
///   "...=CRITICAL"   may be that and nothing else; several: "...=UNKNOWN|WARNING|CRITICAL"
/// Several may speak of the same check.
using Changes = std::vector<std::string>;

/// A fault, and all that pgrepl may say of it.  Every check that is not named here, of every other
/// node and object, must stay OK from the fault to its healing; nor may it begin to be anything
/// else, which its hold time would hide.
struct Scenario {
  std::string name;   ///< as a file's: standby_killed
  std::string story;  ///< the fault in a few words, for the table
  StageOptions stage = {};
  std::function<void(Stage&)> inject;
  std::vector<Verdict> must = {};       ///< all at the same time; none: nothing may be said at all
  Changes may = {};                     ///< what else may change
  std::vector<std::string> words = {};  ///< in the first line of `check_pgrepl health`
  /// The causes that `pgrepl_exporter doctor` must name, and no other: "hba on wallix-a1".  It
  /// tries the standby's login, which no statement can; none: it is not asked.
  std::vector<std::string> doctor = {};
  std::vector<Shown> shows = {};  ///< what else pgrepl has to publish of it
  /// Nobody may be woken: health ends with 0 at last, and what `may` change is no CRITICAL.
  bool quiet = false;
  int polls = 4;                          ///< within so many polls of the cluster
  std::function<void(Stage&)> heal = {};  ///< none: nothing is broken
  std::vector<Verdict> stays = {};        ///< what is still said once all is healed, and rightly so
  /// How long all that must not change is watched, where the usual time is too short.
  std::optional<std::chrono::seconds> watch = {};
  /// How long the verdicts, and then what it shows, are waited for where they come after minutes
  /// only.
  std::optional<std::chrono::seconds> patience = {};
};

/// While a standby does not answer: its own checks cannot look, and nobody should make it the
/// primary.
extern const Changes kBlindOnStandby;
/// The same of a primary, on which everything rests.
extern const Changes kBlindOnPrimary;
/// Nobody should make such a standby the primary.
extern const Changes kNotReady;
/// One that does not stream falls behind, too, as soon as the primary writes anything at all.
extern const Changes kCutOff;
/// While two nodes take writes, or none, checks that compare with the one that does cannot look.
extern const Changes kWithoutPrimary;

Changes operator+(Changes some, const Changes& more);

// One file each under scenarios/.
std::vector<Scenario> server_faults();
std::vector<Scenario> access_faults();
std::vector<Scenario> stream_faults();
std::vector<Scenario> sync_faults();
std::vector<Scenario> replay_faults();
std::vector<Scenario> slot_faults();
std::vector<Scenario> disk_faults();
std::vector<Scenario> role_faults();
std::vector<Scenario> rejoin_faults();
std::vector<Scenario> quiet_times();

/// All of them, in the order of the table.
const std::vector<Scenario>& scenarios();

/// Those that need the servers of other major versions, which are played apart.
std::vector<Scenario> upgrade_faults();

}  // namespace pgrepl::test
