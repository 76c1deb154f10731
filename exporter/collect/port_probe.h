// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/base/result.h"
#include "checks/base/time.h"
#include "checks/model/failure.h"
#include "checks/model/node_probe.h"

namespace pgrepl {

/// What a port does, and at which of the addresses.
struct PortAnswer {
  PortState state = PortState::not_tried;
  std::string address;
  std::string message;  ///< the system's words, if it has any
};

/// The numeric addresses of a host name, within `limit` at the latest.
Result<std::vector<std::string>, Failure> look_up_host(const std::string& host, Seconds limit);

/// Connects to a port at one address after the other until one is open, and closes again.  Where
/// nothing answers, the machine is asked in two other ways (ICMP echo, if this process may send
/// one, and its SSH port): if it answers there, something drops what is sent to this port.  Waits
/// for each address up to `limit`.  Thread-safe.
PortAnswer probe_port(const std::vector<std::string>& addresses, int port, Seconds limit);

}  // namespace pgrepl
