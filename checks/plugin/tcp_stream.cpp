// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/tcp_stream.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "checks/base/units.h"

namespace pgrepl::plugin {
namespace {

/// A socket that is closed with this object.
class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::string describe_errno(int number) {
  switch (number) {
    case ECONNREFUSED:
      return "connection refused";
    case ECONNRESET:
      return "connection reset";
    case EPIPE:
      return "connection closed";
    case ETIMEDOUT:
      return "connection timed out";
    case EHOSTUNREACH:
      return "no route to the host";
    case ENETUNREACH:
      return "network is unreachable";
    case EAFNOSUPPORT:
      return "address family not supported";
    default:
      return ::strerrordesc_np(number);
  }
}

/// What did not happen before the deadline: "no answer within 3 s".
std::string too_late(std::string_view what, const Deadline& deadline) {
  return std::string(what) + " within " + humanize(deadline.length().count(), Unit::seconds);
}

/// Waits until the socket is ready; the reason if it is not before the deadline.
std::optional<std::string> wait_for(int fd, short events, const Deadline& deadline,
                                    std::string_view late) {
  while (!deadline.has_passed()) {
    pollfd waiting{.fd = fd, .events = events, .revents = 0};
    const int ready = ::poll(&waiting, 1, deadline.poll_timeout());
    if (ready > 0) return std::nullopt;
    if (ready < 0 && errno != EINTR) return describe_errno(errno);
  }
  return too_late(late, deadline);
}

class TcpStream : public Stream {
 public:
  explicit TcpStream(Socket socket) : socket_(std::move(socket)) {}

  std::optional<std::string> send(std::string_view bytes, const Deadline& deadline) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      if (const auto reason = wait_or_reason(POLLOUT, deadline)) return reason;
    }
    return std::nullopt;
  }

  Result<std::size_t, std::string> receive(std::span<char> buffer,
                                           const Deadline& deadline) override {
    // asked first, because a server that never stops sending never lets us wait
    while (!deadline.has_passed()) {
      const ssize_t count = ::recv(socket_.fd(), buffer.data(), buffer.size(), 0);
      if (count > 0) has_answered_ = true;
      if (count >= 0) return static_cast<std::size_t>(count);
      if (const auto reason = wait_or_reason(POLLIN, deadline)) return Failed{*reason};
    }
    return Failed{too_late(late(), deadline)};
  }

 private:
  std::string_view late() const {
    return has_answered_ ? "no complete answer" : "accepts, but gives no answer";
  }

  /// After a call that failed: waits if it only has to be tried again.
  std::optional<std::string> wait_or_reason(short events, const Deadline& deadline) {
    if (errno == EINTR) return std::nullopt;
    if (errno != EAGAIN) return describe_errno(errno);
    return wait_for(socket_.fd(), events, deadline, late());
  }

  Socket socket_;
  bool has_answered_ = false;
};

struct AddressesDeleter {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;

Result<Addresses, std::string> look_up(const Target& target) {
  const addrinfo hints{
      .ai_flags = AI_NUMERICSERV, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  const std::string port = std::to_string(target.port_or_default());
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(target.host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    return Failed{"host name has no address (" + std::string(::gai_strerror(error)) + ")"};
  }
  return Addresses{found};
}

int socket_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  const int failed = ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return failed != 0 ? errno : error;
}

Result<Socket, std::string> connect_to(const addrinfo& address, const Deadline& deadline) {
  Socket socket{::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (socket.fd() < 0) return Failed{describe_errno(errno)};
  const int failed = ::connect(socket.fd(), address.ai_addr, address.ai_addrlen);
  if (failed != 0 && errno != EINPROGRESS) return Failed{describe_errno(errno)};
  if (const auto reason = wait_for(socket.fd(), POLLOUT, deadline, "no connection")) {
    return Failed{*reason};
  }
  const int error = socket_error(socket.fd());
  if (error != 0) return Failed{describe_errno(error)};
  return socket;
}

std::vector<const addrinfo*> listed(const Addresses& addresses) {
  std::vector<const addrinfo*> list;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next)
    list.push_back(one);
  return list;
}

}  // namespace

Result<std::unique_ptr<Stream>, std::string> connect_tcp(const Target& target,
                                                         const Deadline& deadline) {
  const auto addresses = look_up(target);
  if (!addresses) return Failed{addresses.error()};
  const auto list = listed(*addresses);
  std::string reason = "host name has no address";
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto socket = connect_to(*list[i], deadline.share(list.size() - i));
    if (socket) return std::unique_ptr<Stream>{std::make_unique<TcpStream>(std::move(*socket))};
    reason = socket.error();
  }
  return Failed{reason};
}

}  // namespace pgrepl::plugin
