// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/base/time.h"

namespace pgrepl::plugin {

/// Ends the program with one line and CRITICAL, a moment after `limit`, whatever it is doing then:
/// the lookup of a name knows no deadline.  Takes over SIGALRM.
void guard_time(Seconds limit);

}  // namespace pgrepl::plugin
