// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checks/base/time.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// Time limits of one node's session.
struct SessionLimits {
  Seconds poll_timeout{3};
  Seconds connect_timeout{3};
  Seconds slow_interval{30};
  Seconds poll_interval{5};

  static SessionLimits from(const ExporterConfig& config);
  bool operator==(const SessionLimits&) const = default;
};

using ConnectOptions = std::vector<std::pair<std::string, std::string>>;

/// libpq's keywords and values for one attempt: the node's own, the session's settings and, where
/// it is known, the address (the host stays: certificates and the passfile go by it).  A value may
/// be the password.  Pure.
ConnectOptions connect_options(const ConnectionConfig& connection, const SessionLimits& limits,
                               const std::string& address);

/// The host whose name must be looked up before libpq may connect, because libpq's own lookup would
/// stop the loop.  Empty: there is none to look up (an address, a socket's directory, or hostaddr).
/// Pure.
std::string host_to_look_up(const ConnectionConfig& connection);

}  // namespace pgrepl
