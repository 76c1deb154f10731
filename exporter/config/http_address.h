// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace pgrepl {

/// The parts of an http:// address.
struct HttpAddress {
  std::string host;    ///< without the brackets of an IPv6 address
  std::string port;    ///< "80" if none is given
  std::string target;  ///< path and query, at least "/"
};

/// Absent for any other scheme, for a user, and for an empty host.  Pure.
std::optional<HttpAddress> parse_http_address(const std::string& url);

}  // namespace pgrepl
