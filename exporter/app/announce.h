// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "checks/judge/judge.h"
#include "checks/model/maintenance.h"

namespace pgrepl {

/// Logs what changed with this report: every verdict that is new, and with the first report also
/// which checks are not configured.
void announce(const ClusterReport& report, bool first);

/// Logs which maintenance of a cluster goes on now; absent: the one that was logged last is over.
void announce_maintenance(const std::string& cluster, const std::optional<Maintenance>& present);

}  // namespace pgrepl
