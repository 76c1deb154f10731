// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "checks/catalogue/check_row.h"
#include "checks/nagios/check_query.h"

namespace pgrepl {

/// What there is to answer from.
struct KnownWorld {
  std::span<const CheckRow> checks;
  std::span<const ClusterReport* const> reports;
  std::span<const std::string> configured_clusters;
  SteadyTime now;
};

/// answer() from a catalogue of the caller's choice.  Pure.
PluginOutput answer_from(const KnownWorld& world, const CheckQuery& query);

}  // namespace pgrepl
