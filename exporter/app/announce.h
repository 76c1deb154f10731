// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/judge/judge.h"

namespace pgrepl {

/// Logs what changed with this report: every verdict that is new, and with the first report also
/// which checks are not configured.
void announce(const ClusterReport& report, bool first);

}  // namespace pgrepl
