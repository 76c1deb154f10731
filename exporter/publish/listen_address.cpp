// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/listen_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
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

std::optional<int> parse_port(std::string_view digits) {
  int port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  if (!whole || port < 0 || port > 65535) return std::nullopt;
  return port;
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

Result<ListenAddress, std::string> parse_listen_address(std::string_view text) {
  const std::string quoted = "'" + std::string(text) + "'";
  if (text.find('[') != text.npos) {
    return Failed{quoted + " is an IPv6 address; this exporter listens on IPv4 only"};
  }
  const auto colon = text.find(':');
  if (colon == text.npos) return Failed{quoted + " is not host:port or :port"};
  const std::string_view host = text.substr(0, colon);
  // civetweb takes a list and reads letters behind a port as options: neither may reach it
  if (host.find_first_of(", \t+") != host.npos) {
    return Failed{quoted + " has a host that cannot be one"};
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return Failed{quoted + " has no port from 0 to 65535"};
  return ListenAddress{std::string(host), *port};
}

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
