// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/plugin/scripted_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <stdexcept>
#include <utility>

namespace pgrepl::test {
namespace {

constexpr int kPollMilliseconds = 20;

/// The longer of the two kinds of address, for bind() and getsockname().
union LoopbackAddress {
  sockaddr any;
  sockaddr_in ipv4;
  sockaddr_in6 ipv6;
};

LoopbackAddress loopback(ScriptedServer::Family family) {
  LoopbackAddress address{};
  if (family == ScriptedServer::Family::ipv4) {
    address.ipv4.sin_family = AF_INET;
    address.ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else {
    address.ipv6.sin6_family = AF_INET6;
    address.ipv6.sin6_addr = in6addr_loopback;
  }
  return address;
}

int listen_on(ScriptedServer::Family family) {
  const LoopbackAddress address = loopback(family);
  const int fd = ::socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(fd, &address.any, sizeof address) != 0 || ::listen(fd, 16) != 0) {
    ::close(fd);
    throw std::runtime_error("cannot listen on the loopback");
  }
  return fd;
}

int port_of(int fd) {
  LoopbackAddress address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, &address.any, &size);
  // the port lies at the same place in both kinds
  return ntohs(address.ipv4.sin_port);
}

bool is_readable(int fd) {
  pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, kPollMilliseconds) > 0;
}

std::string read_request(int fd, const std::stop_token& stop) {
  std::string request;
  std::array<char, 1024> buffer{};
  while (!stop.stop_requested() && request.find("\r\n\r\n") == std::string::npos) {
    if (!is_readable(fd)) continue;
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    request.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return request.substr(0, request.find("\r\n"));
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Until the time is over or somebody wants an end.
void pause_for(double seconds, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop, std::chrono::duration<double>(seconds), [] { return false; });
}

constexpr double kForEver = 3600;

}  // namespace

ScriptedServer::ScriptedServer(Script script, Family family)
    : script_(std::move(script)),
      listener_(listen_on(family)),
      port_(port_of(listener_)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ScriptedServer::~ScriptedServer() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

std::string ScriptedServer::last_request() const {
  const std::lock_guard lock(mutex_);
  return last_request_;
}

void ScriptedServer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!is_readable(listener_)) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    ++connections_;
    serve(fd, stop);
    ::close(fd);
  }
}

void ScriptedServer::serve(int fd, const std::stop_token& stop) {
  std::string request = read_request(fd, stop);
  {
    const std::lock_guard lock(mutex_);
    last_request_ = std::move(request);
  }
  script_(fd, stop);
}

ScriptedServer::Script sends(std::string bytes) {
  return [bytes = std::move(bytes)](int fd, const std::stop_token&) { send_all(fd, bytes); };
}

ScriptedServer::Script sends_and_stays(std::string bytes) {
  return [bytes = std::move(bytes)](int fd, const std::stop_token& stop) {
    send_all(fd, bytes);
    pause_for(kForEver, stop);
  };
}

ScriptedServer::Script drips(std::string bytes, double pause) {
  return [bytes = std::move(bytes), pause](int fd, const std::stop_token& stop) {
    for (std::size_t i = 0; i < bytes.size() && !stop.stop_requested(); ++i) {
      if (!send_all(fd, {&bytes[i], 1})) return;
      pause_for(pause, stop);
    }
  };
}

ScriptedServer::Script floods(std::string piece, std::size_t bytes) {
  return [piece = std::move(piece), bytes](int fd, const std::stop_token& stop) {
    for (std::size_t sent = 0; sent < bytes && !stop.stop_requested(); sent += piece.size()) {
      if (!send_all(fd, piece)) return;
    }
  };
}

std::string daemon_says(int state, bool fresh, const std::string& text, const std::string& status) {
  return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
         std::to_string(text.size()) + "\r\nX-Pgrepl-State: " + std::to_string(state) +
         "\r\nX-Pgrepl-Fresh: " + (fresh ? "1" : "0") + "\r\nConnection: close\r\n\r\n" + text;
}

}  // namespace pgrepl::test
