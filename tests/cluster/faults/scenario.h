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

/// A fault, and all that pgrepl may say of it.  Every check that is not named here, of every other
/// node and object, must stay OK from the fault to its healing.
struct Scenario {
  std::string name;   ///< as a file's: standby_killed
  std::string story;  ///< the fault in a few words, for the table
  StageOptions stage = {};
  std::function<void(Stage&)> inject;
  std::vector<Verdict> must = {};       ///< all at the same time; none: nothing may be said at all
  std::vector<std::string> may = {};    ///< what else may change: "check", or "check@node" of one
  std::vector<std::string> words = {};  ///< in the first line of `check_pgrepl health`
  std::vector<Shown> shows = {};        ///< what else pgrepl has to publish of it
  /// Nobody may be woken: health ends with 0 at last, and what `may` change is no CRITICAL.
  bool quiet = false;
  int polls = 4;                          ///< within so many polls of the cluster
  std::function<void(Stage&)> heal = {};  ///< none: what is broken cannot be mended in place
  std::chrono::seconds watch{5};          ///< how long all that must not change is watched
  /// How long the verdicts, and then what it shows, are waited for where they come after minutes
  /// only.
  std::optional<std::chrono::seconds> patience = {};
};

/// What may change while a standby does not answer: its own checks cannot look, and it cannot take
/// over.
extern const std::vector<std::string> kBlindOnStandby;
/// The same of a primary, on which everything rests.
extern const std::vector<std::string> kBlindOnPrimary;
/// What may change of a standby while it is none, or none of this primary.
extern const std::vector<std::string> kOfStandbys;

std::vector<std::string> operator+(std::vector<std::string> some,
                                   const std::vector<std::string>& more);

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
/// One fault of each subject.
std::vector<const Scenario*> first_of_each_subject();

/// Those that need the servers of other major versions, which are played apart.
std::vector<Scenario> upgrade_faults();

}  // namespace pgrepl::test
