// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checks/base/result.h"
#include "checks/model/failure.h"

namespace pgrepl {

/// What became of a TCP connection to a server's port, by how it failed.
enum class PortState {
  not_tried,    ///< a socket in the file system, or a name without an address
  open,         ///< somebody listens
  closed,       ///< refused: the machine lives, and nobody listens
  unreachable,  ///< the network says that there is no way
  dropped,      ///< no answer, although the machine answers otherwise
  silent,       ///< no answer, and none otherwise either
};

/// What IDENTIFY_SYSTEM gives to a replication connection.
struct SystemIdentity {
  std::string system_identifier;
  std::uint32_t timeline = 0;

  bool operator==(const SystemIdentity&) const = default;
};

/// How one node was reached by somebody who asked step by step.
struct NodeProbe {
  std::string host;  ///< as configured: a name, an address or a directory
  std::string port = "5432";
  /// Of the name; absent: it needs no looking up.
  std::optional<Result<std::vector<std::string>, Failure>> addresses;
  PortState port_state = PortState::not_tried;
  std::string tried_address;  ///< the one that `port_state` speaks of
  std::string port_message;   ///< the system's words, if it has any
  bool is_here = false;       ///< the one who asks sits on the node's machine

  std::string user;              ///< of the node's conninfo
  std::string replication_user;  ///< empty: nobody gave its credentials
  /// The outcome as that role; absent: not tried.
  std::optional<Result<SystemIdentity, Failure>> replication;
};

}  // namespace pgrepl
