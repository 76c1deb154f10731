// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/target.h"

#include <algorithm>

#include "checks/base/number.h"

namespace pgrepl::plugin {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr int kHttpPort = 80;

/// A host and what stands behind its colon; absent: there is no colon.
struct HostAndPort {
  std::string_view host;
  std::optional<std::string_view> port;
};

HostAndPort split_brackets(std::string_view text) {
  const auto close = text.find(']');
  if (close == std::string_view::npos) return {};
  const std::string_view host = text.substr(1, close - 1);
  const std::string_view rest = text.substr(close + 1);
  if (rest.empty()) return {host, std::nullopt};
  return rest.front() == ':' ? HostAndPort{host, rest.substr(1)} : HostAndPort{};
}

HostAndPort split(std::string_view text) {
  if (text.starts_with('[')) return split_brackets(text);
  // an IPv6 address without brackets has more colons than one and leaves no room for a port
  if (std::ranges::count(text, ':') != 1) return {text, std::nullopt};
  const auto colon = text.find(':');
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool fits_a_host(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  return letter || digit || c == '.' || c == '-' || c == '_' || c == ':' || c == '%';
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

std::string to_string(const Target& target) {
  const bool is_ipv6 = target.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + target.host + "]" : target.host;
  return host + ":" + std::to_string(target.port_or_default());
}

Result<Target, std::string> parse_host(std::string_view text) {
  const auto [host, port_text] = split(text);
  if (host.empty()) return Failed<std::string>{"the name of the host is missing"};
  if (!std::ranges::all_of(host, fits_a_host)) {
    return Failed{std::string(text) + " is not a host"};
  }
  Target target{.host = std::string(host)};
  if (!port_text) return target;
  target.port = parse_port(*port_text);
  if (!target.port) return Failed{std::string(*port_text) + " is not a port (1 to 65535)"};
  return target;
}

Result<Target, std::string> parse_url(std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    return Failed<std::string>{"a URL with a user or password is not supported"};
  }
  if (text.starts_with("https://")) {
    return Failed<std::string>{"https is not supported, give an http URL"};
  }
  if (!text.starts_with(kScheme) || !is_printable(text)) {
    return Failed{std::string(text) + " is not a URL such as http://host:10187"};
  }
  text.remove_prefix(kScheme.size());
  const auto slash = text.find('/');
  auto target = parse_host(text.substr(0, slash));
  if (!target) return target;
  if (!target->port) target->port = kHttpPort;
  if (slash == std::string_view::npos) return target;

  std::string_view prefix = text.substr(slash);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (prefix.find_first_of("?#") != std::string_view::npos) {
    return Failed<std::string>{"a URL ends before the question, without ? and #"};
  }
  target->prefix = prefix;
  return target;
}

}  // namespace pgrepl::plugin
