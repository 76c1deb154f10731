// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/listen_address.h"

#include <algorithm>
#include <optional>

#include "checks/base/number.h"
#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLongestShown = 80;

/// A port to listen on; 0 lets the system choose one.
std::optional<int> listening_port(std::string_view text) {
  return text == "0" ? std::optional{0} : parse_port(text);
}

/// The HTTP server takes a list and reads letters behind a port as options: neither may reach it.
bool can_be_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_plain || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

Result<ListenAddress, std::string> parse_listen_address(std::string_view text) {
  const std::string quoted = '"' + one_line(text, kLongestShown) + '"';
  const auto colon = text.rfind(':');
  if (colon == text.npos) return Failed{quoted + " is not host:port or :port"};
  const std::string_view host = text.substr(0, colon);
  if (host.find_first_of("[:") != host.npos) {
    return Failed{quoted + " is an IPv6 address; only IPv4 is served"};
  }
  if (!can_be_host(host)) return Failed{quoted + " has a host that cannot be one"};
  const auto port = listening_port(text.substr(colon + 1));
  if (!port) return Failed{quoted + " has no port from 0 to 65535"};
  return ListenAddress{std::string(host), *port};
}

}  // namespace pgrepl
