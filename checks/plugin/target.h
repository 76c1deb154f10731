// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checks/base/result.h"

namespace pgrepl::plugin {

/// Where a daemon listens unless it is told otherwise.
inline constexpr int kDefaultPort = 10187;

/// Where a daemon is asked.
struct Target {
  std::string host;  ///< a name or an address, without brackets
  std::optional<int> port;
  std::string prefix;  ///< what a reverse proxy wants before /check; begins with '/', or empty

  int port_or_default() const { return port.value_or(kDefaultPort); }
  bool operator==(const Target&) const = default;
};

/// "host:port" as URLs have it: an IPv6 address in brackets.  Pure.
std::string to_string(const Target& target);

/// Reads "host", "host:port", "::1" or "[::1]:port".  The error is a sentence.  Pure.
Result<Target, std::string> parse_host(std::string_view text);

/// Reads "http://host[:port][/prefix]".  The error is a sentence; it repeats no user or password.
/// Pure.
Result<Target, std::string> parse_url(std::string_view text);

}  // namespace pgrepl::plugin
