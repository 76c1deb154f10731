// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/http_fetch.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <memory>
#include <string_view>
#include <system_error>

#include "checks/base/units.h"
#include "exporter/collect/clock.h"
#include "exporter/collect/host/http_answer.h"
#include "exporter/collect/unique_fd.h"
#include "exporter/config/http_address.h"

namespace pgrepl {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Failure failure(FailureClass reason, std::string why) {
  return {.reason = reason, .message = "http: " + std::move(why)};
}

Failure system_failure(std::string_view step, int code) {
  const FailureClass reason =
      code == ECONNREFUSED ? FailureClass::refused
                           : (code == ETIMEDOUT ? FailureClass::timeout : FailureClass::other);
  return failure(reason, std::string{step} + ": " + std::system_category().message(code));
}

/// One exchange with a server, under one deadline.
class Exchange {
 public:
  explicit Exchange(const HttpLimits& limits)
      : limits_(limits), deadline_(after(steady_now(), limits.timeout)) {}

  std::optional<Failure> connect(const HttpAddress& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int outcome = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
    if (outcome != 0) {
      return failure(FailureClass::dns,
                     "no address for " + address.host + ": " + gai_strerror(outcome));
    }
    const AddressList list{found, freeaddrinfo};
    deadline_ = after(steady_now(), limits_.timeout);
    std::optional<Failure> last;
    for (const addrinfo* candidate = list.get(); candidate != nullptr;
         candidate = candidate->ai_next) {
      last = connect_to(*candidate);
      if (!last || last->reason == FailureClass::timeout) return last;
    }
    return last;
  }

  std::optional<Failure> send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        text.remove_prefix(static_cast<std::size_t>(sent));
      } else if (auto problem = wait_or_fail("sending", POLLOUT)) {
        return problem;
      }
    }
    return std::nullopt;
  }

  /// Everything until the server closes the connection.
  Result<std::string, Failure> receive() {
    std::string text;
    std::array<char, 65536> chunk;
    for (;;) {
      const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), 0);
      if (got == 0) return text;
      if (got > 0) {
        text.append(chunk.data(), static_cast<std::size_t>(got));
      } else if (auto problem = wait_or_fail("receiving", POLLIN)) {
        return Failed{*problem};
      }
      if (text.size() > limits_.most_bytes) {
        return Failed{failure(FailureClass::other,
                              "the page is larger than " +
                                  humanize(static_cast<double>(limits_.most_bytes), Unit::bytes))};
      }
      // A server that drips bytes never makes us wait, and must not keep us either.
      if (steady_now() >= deadline_) return Failed{timed_out()};
    }
  }

 private:
  std::optional<Failure> connect_to(const addrinfo& address) {
    constexpr int kType = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    socket_ = UniqueFd{::socket(address.ai_family, kType, 0)};
    if (socket_.get() < 0) return system_failure("socket", errno);
    if (::connect(socket_.get(), address.ai_addr, address.ai_addrlen) == 0) return std::nullopt;
    if (errno != EINPROGRESS) return system_failure("connecting", errno);
    if (auto problem = wait(POLLOUT)) return problem;
    int code = 0;
    socklen_t size = sizeof code;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &code, &size);
    if (code != 0) return system_failure("connecting", code);
    return std::nullopt;
  }

  /// After a call that did not succeed: waits if it only has to be repeated.
  std::optional<Failure> wait_or_fail(std::string_view step, short events) {
    if (errno == EAGAIN || errno == EINTR) return wait(events);
    return system_failure(step, errno);
  }

  std::optional<Failure> wait(short events) {
    const Seconds left = elapsed(steady_now(), deadline_);
    if (left.count() <= 0) return timed_out();
    pollfd watched{.fd = socket_.get(), .events = events, .revents = 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(std::ceil(left.count() * 1000)));
    if (ready < 0 && errno != EINTR) return system_failure("waiting", errno);
    if (ready == 0) return timed_out();
    return std::nullopt;
  }

  Failure timed_out() const {
    return failure(FailureClass::timeout,
                   "no complete answer within " + humanize(limits_.timeout.count(), Unit::seconds));
  }

  const HttpLimits& limits_;
  SteadyTime deadline_;
  UniqueFd socket_;
};

}  // namespace

Result<std::string, Failure> http_get(const std::string& url, const HttpLimits& limits) {
  const auto address = parse_http_address(url);
  if (!address) return Failed{failure(FailureClass::other, "not an http:// address: " + url)};
  Exchange exchange{limits};
  if (const auto problem = exchange.connect(*address)) return Failed{*problem};
  // HTTP/1.0: the end of the connection is the end of the page, nothing comes in chunks.
  const std::string request = "GET " + address->target + " HTTP/1.0\r\nHost: " + address->host +
                              ":" + address->port +
                              "\r\nUser-Agent: pgrepl_exporter\r\nAccept: text/plain\r\n\r\n";
  if (const auto problem = exchange.send(request)) return Failed{*problem};
  auto answer = exchange.receive();
  if (!answer) return Failed{answer.error()};
  return body_of(std::move(*answer));
}

}  // namespace pgrepl
