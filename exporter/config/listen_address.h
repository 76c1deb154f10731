// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "checks/base/result.h"

namespace pgrepl {

/// Where to listen: "127.0.0.1:10187", "localhost:10187", ":10187" (every IPv4 address of the
/// machine).
struct ListenAddress {
  std::string host;  ///< empty: every IPv4 address
  int port = 0;      ///< 0: the system chooses
};

/// Reads "host:port" or ":port".  The error is a sentence that begins with the text and says what
/// is wrong with it; "[::1]:10187" is refused because Debian's civetweb is built without IPv6.
/// Pure.
Result<ListenAddress, std::string> parse_listen_address(std::string_view text);

}  // namespace pgrepl
