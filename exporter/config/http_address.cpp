// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/http_address.h"

#include <algorithm>
#include <string_view>

#include "checks/base/number.h"

namespace pgrepl {

std::optional<HttpAddress> parse_http_address(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme) || url.find_first_of(" #@") != std::string::npos)
    return std::nullopt;
  const auto slash = std::min(url.find_first_of("/?", kScheme.size()), url.size());
  HttpAddress address{.host = url.substr(kScheme.size(), slash - kScheme.size()),
                      .port = "80",
                      .target = url.substr(slash)};
  if (!address.target.starts_with('/')) address.target.insert(0, 1, '/');

  std::string& host = address.host;
  const auto bracket = host.rfind(']');
  const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) {
    address.port = host.substr(colon + 1);
    host.resize(colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || !parse_port(address.port)) return std::nullopt;
  return address;
}

}  // namespace pgrepl
