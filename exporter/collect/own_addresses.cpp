// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/own_addresses.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <memory>
#include <string>

namespace pgrepl {
namespace {

struct FreeInterfaces {
  void operator()(ifaddrs* all) const { freeifaddrs(all); }
};

/// Without the scope behind a link-local address; empty for what is no address of IP.
std::string numeric(const sockaddr* address) {
  if (address == nullptr) return "";
  const bool is_v4 = address->sa_family == AF_INET;
  if (!is_v4 && address->sa_family != AF_INET6) return "";
  const socklen_t size = is_v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return "";
  const std::string name{text.data()};
  return name.substr(0, name.find('%'));
}

}  // namespace

bool is_own_address(std::string_view address) {
  if (address.starts_with("127.") || address == "::1") return true;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return false;
  const std::unique_ptr<ifaddrs, FreeInterfaces> all(first);
  for (const ifaddrs* one = all.get(); one != nullptr; one = one->ifa_next) {
    if (!address.empty() && numeric(one->ifa_addr) == address) return true;
  }
  return false;
}

}  // namespace pgrepl
