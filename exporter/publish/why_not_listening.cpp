// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/why_not_listening.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

namespace pgrepl {
namespace {

struct AddressListDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListDeleter>;

/// What an operator can do about a refusal of bind().
struct Advice {
  int error;
  std::string_view text;
};
constexpr std::array kAdvice{
    Advice{EADDRINUSE, "address already in use; is another pgrepl_exporter running?"},
    Advice{EACCES, "permission denied; choose a port above 1023 or grant CAP_NET_BIND_SERVICE"},
    Advice{EADDRNOTAVAIL, "this machine does not have that address"},
};

std::string reason_of(int error) {
  for (const auto& [known, text] : kAdvice) {
    if (known == error) return std::string(text);
  }
  return std::generic_category().message(error);
}

/// 0, or the errno of the step that failed.
int try_to_listen(const addrinfo& where) {
  const int fd = socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC, where.ai_protocol);
  if (fd < 0) return errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool works = bind(fd, where.ai_addr, where.ai_addrlen) == 0 && listen(fd, 1) == 0;
  const int error = works ? 0 : errno;
  close(fd);
  return error;
}

}  // namespace

std::optional<std::string> why_not_listening(const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                                  std::to_string(address.port).c_str(), &hints, &found);
  const AddressList list(found);
  if (failure != 0) return "no IPv4 address for that host: " + std::string(gai_strerror(failure));
  const int error = try_to_listen(*list);
  if (error == 0) return std::nullopt;
  return reason_of(error);
}

}  // namespace pgrepl
