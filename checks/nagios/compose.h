// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/nagios/check_query.h"
#include "checks/nagios/findings.h"
#include "checks/nagios/scope.h"

namespace pgrepl {

/// Puts what was found into words.  The heaviest result leads, the first of equals, because root
/// causes stand first.  Pure.
PluginOutput compose(const KnownWorld& world, const Scope& scope,
                     const std::vector<ClusterFindings>& found, int verbosity);

}  // namespace pgrepl
