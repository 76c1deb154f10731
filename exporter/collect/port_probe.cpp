// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/port_probe.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

#include "exporter/collect/clock.h"
#include "exporter/collect/event_loop.h"
#include "exporter/collect/postgres/connect_error.h"
#include "exporter/collect/resolver.h"
#include "exporter/collect/unique_fd.h"

namespace pgrepl {
namespace {

constexpr int kSshPort = 22;
constexpr Seconds kLifeSign{1};  ///< how long a machine may take to show that it lives

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressList numeric_address(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    found = nullptr;
  }
  return {found, freeaddrinfo};
}

int milliseconds(Seconds length) {
  return static_cast<int>(std::max(0.0, std::ceil(length.count() * 1000)));
}

/// Whether the descriptor is ready before the time is over.
bool becomes_ready(int fd, short events, Seconds limit) {
  const SteadyTime deadline = after(steady_now(), limit);
  pollfd wanted{.fd = fd, .events = events, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&wanted, 1, milliseconds(elapsed(steady_now(), deadline)));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

/// 0: connected.  Else an errno value; ETIMEDOUT: no answer in time.
int try_connect(const addrinfo& address, Seconds limit) {
  constexpr int kType = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const UniqueFd socket{::socket(address.ai_family, kType, 0)};
  if (socket.get() < 0) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!becomes_ready(socket.get(), POLLOUT, limit)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

PortState state_of(int error) {
  switch (error) {
    case 0:
      return PortState::open;
    case ECONNREFUSED:
    case ECONNRESET:
      return PortState::closed;
    case ETIMEDOUT:
      return PortState::silent;
    default:  // no route, network or host down, forbidden by this machine
      return PortState::unreachable;
  }
}

/// Whether the machine answers an echo request; false also where this process may not send one.
bool answers_echo(const addrinfo& address) {
  if (address.ai_family != AF_INET) return false;
  constexpr int kType = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const UniqueFd socket{::socket(AF_INET, kType, IPPROTO_ICMP)};
  if (socket.get() < 0) return false;
  icmphdr request{};
  request.type = ICMP_ECHO;
  request.un.echo.sequence = htons(1);
  const ssize_t sent =
      ::sendto(socket.get(), &request, sizeof request, 0, address.ai_addr, address.ai_addrlen);
  if (sent != sizeof request || !becomes_ready(socket.get(), POLLIN, kLifeSign)) return false;
  icmphdr reply{};
  return ::recv(socket.get(), &reply, sizeof reply, 0) > 0 && reply.type == ICMP_ECHOREPLY;
}

/// A refusal is a sign of life, too.
bool answers_on(const std::string& address, int port) {
  const AddressList list = numeric_address(address, port);
  if (!list) return false;
  const PortState state = state_of(try_connect(*list, kLifeSign));
  return state == PortState::open || state == PortState::closed;
}

PortAnswer probe_address(const std::string& address, int port, Seconds limit) {
  const AddressList list = numeric_address(address, port);
  if (!list) return {PortState::not_tried, address, "is not a numeric address"};
  const int error = try_connect(*list, limit);
  PortAnswer answer{state_of(error), address,
                    error == 0 ? "" : std::system_category().message(error)};
  if (answer.state == PortState::silent && (answers_echo(*list) || answers_on(address, kSshPort))) {
    answer.state = PortState::dropped;
  }
  return answer;
}

}  // namespace

Result<std::vector<std::string>, Failure> look_up_host(const std::string& host, Seconds limit) {
  EventLoop loop;
  Resolver resolver(loop);
  std::optional<Resolver::Addresses> found;
  bool late = false;
  Resolver::Request request(resolver,
                            [&](const Resolver::Addresses& addresses) { found = addresses; });
  EventLoop::Timer timer(loop, [&] { late = true; });
  timer.set(after(steady_now(), limit));
  request.ask(host);
  while (!found && !late) loop.run_once();
  if (!found) return Failed{no_answer("name lookup", limit)};
  return *found;
}

PortAnswer probe_port(const std::vector<std::string>& addresses, int port, Seconds limit) {
  PortAnswer first;
  for (const std::string& address : addresses) {
    const PortAnswer answer = probe_address(address, port, limit);
    if (answer.state == PortState::open) return answer;
    if (first.state == PortState::not_tried) first = answer;
  }
  return first;
}

}  // namespace pgrepl
