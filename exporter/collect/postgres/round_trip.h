// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "checks/base/time.h"

namespace pgrepl {

/// The kernel's smoothed round trip time of a TCP connection.  Absent for any other descriptor, a
/// Unix socket's too.  Never waits.
std::optional<Seconds> tcp_round_trip(int fd);

}  // namespace pgrepl
