// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "checks/base/time.h"

namespace pgrepl {

/// The least round trip time of a TCP connection in the last minutes (net.ipv4.tcp_min_rtt_wlen, 5
/// minutes by default), as the kernel measures it.  Not the smoothed one: the other side may
/// confirm a question together with its answer, so that a busy server looks like a slow network.
/// Absent for any other descriptor, a Unix socket's too.  Never waits.
std::optional<Seconds> tcp_round_trip(int fd);

}  // namespace pgrepl
