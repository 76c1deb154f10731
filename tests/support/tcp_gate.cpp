// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tests/support/ports.h"

namespace pgrepl::test {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = GateRule::Kind;

constexpr std::chrono::milliseconds kTick{10};

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  return address;
}

int listen_on(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(port);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 64) != 0)
    throw std::system_error(errno, std::generic_category(), "gate on " + std::to_string(port));
  return listener;
}

/// -1 where nothing listens.
int connect_to(int port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return connection;
  close(connection);
  return -1;
}

bool is_readable(int socket) {
  pollfd wanted{socket, POLLIN, 0};
  return poll(&wanted, 1, 0) > 0;
}

/// Closing with no time to linger makes the kernel send RST.
void reset(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

/// A client's connection and its twin to the server.
struct TcpGate::Link {
  Link(int client_socket, int server_port, std::atomic<int>& count)
      : client(client_socket), server(connect_to(server_port)), round_trips(count) {}
  ~Link() {
    close(client);
    if (server >= 0) close(server);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// False when the link is over.
  bool advance(const GateRule& rule) {
    if (rule.kind == Kind::reset) reset(client);
    if (rule.kind == Kind::reset || server < 0) return false;
    if (rule.kind == Kind::black_hole) return true;
    return take_from_client() && take_from_server(rule) && give_to_client(rule);
  }

 private:
  bool take_from_client() {
    if (!is_readable(client)) return true;
    char buffer[16384];
    const ssize_t got = recv(client, buffer, sizeof buffer, 0);
    if (got > 0 && std::exchange(server_spoke_last, false)) ++round_trips;
    return got > 0 && send(server, buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
  }

  /// The server's last words still go to the client after the server has gone.
  bool take_from_server(const GateRule& rule) {
    const bool is_full = rule.kind == Kind::throttle && held.size() >= rule.bytes;
    if (server_ended || is_full || !is_readable(server)) return true;
    char buffer[16384];
    const ssize_t got = recv(server, buffer, sizeof buffer, 0);
    if (got <= 0) server_ended = true;
    if (got > 0 && held.empty()) due = Clock::now() + rule.pause;
    if (got > 0) held.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  bool give_to_client(const GateRule& rule) {
    if (held.empty()) return !server_ended;
    if (rule.pause.count() > 0 && Clock::now() < due) return true;
    std::size_t size = rule.kind == Kind::drip ? 1 : held.size();
    if (rule.kind == Kind::throttle) size = std::min(size, rule.bytes);
    const bool is_short = rule.kind == Kind::cut || rule.kind == Kind::hush;
    if (is_short) size = std::min(size, rule.bytes - std::min(rule.bytes, passed));
    if (rule.kind == Kind::hush && size == 0) return true;
    if (size > 0 && send(client, held.data(), size, MSG_NOSIGNAL) != static_cast<ssize_t>(size))
      return false;
    held.erase(0, size);
    passed += size;
    server_spoke_last = true;
    due = Clock::now() + rule.pause;
    return rule.kind != Kind::cut || passed < rule.bytes;
  }

  int client, server;
  std::string held;  ///< from the server, not yet given to the client
  Clock::time_point due;
  std::size_t passed = 0;
  bool server_ended = false;
  bool server_spoke_last = true;  ///< the client's first words begin a round trip, too
  std::atomic<int>& round_trips;
};

TcpGate::TcpGate(int server_port)
    : server_port_(server_port),
      port_(free_port()),
      listener_(listen_on(port_)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

TcpGate::~TcpGate() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
}

void TcpGate::set(const GateRule& rule) {
  {
    const std::lock_guard lock(mutex_);
    rule_ = rule;
  }
  // The round under way may still follow the old rule; the next one does not.
  const int seen = rounds_;
  while (rounds_ < seen + 2) std::this_thread::sleep_for(kTick / 10);
}

void TcpGate::lead_to(int server_port) {
  server_port_ = server_port;
  const GateRule before = rule();
  set({.kind = GateRule::Kind::reset});
  set(before);
}

GateRule TcpGate::rule() const {
  const std::lock_guard lock(mutex_);
  return rule_;
}

void TcpGate::run(const std::stop_token& stop) {
  std::list<Link> links;
  while (!stop.stop_requested()) {
    const GateRule now = rule();
    if (now.kind != Kind::not_accept && is_readable(listener_)) {
      links.emplace_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), server_port_,
                         round_trips_);
      ++connections_;
    }
    links.remove_if([&](Link& link) { return !link.advance(now); });
    ++rounds_;
    std::this_thread::sleep_for(links.empty() ? kTick : kTick / 10);
  }
}

}  // namespace pgrepl::test
