// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/state.h"
#include "checks/base/time.h"
#include "exporter/publish/report_board.h"

namespace pgrepl {

/// What is said of a cluster first.
struct Headline {
  State state = State::unknown;
  std::string sentence;
};

/// The state of a cluster at `now` and the root cause in a sentence: UNKNOWN before the first poll,
/// CRITICAL when the last one is too old to be believed.  Pure.
Headline headline_of(const PublishedCluster& cluster, SteadyTime now);

/// What a result is called: "replay_lag on wallix-a2", "slot_active on wallix-a1 (standby1)".
/// Pure.
std::string name_of(const CheckResult& result);

/// Sign and word of a state, as HTML.  Pure.
std::string state_badge(State state);

/// One cluster of the status page, as HTML.  Pure.
std::string cluster_section(const PublishedCluster& cluster, const Headline& headline, Instant now);

}  // namespace pgrepl
