// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/host/tiny_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace pgrepl::test {
namespace {

constexpr int kTickMilliseconds = 20;

bool is_readable(int descriptor) {
  pollfd watched{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&watched, 1, kTickMilliseconds) > 0;
}

void read_request(int client) {
  std::string request;
  std::array<char, 1024> chunk{};
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = ::recv(client, chunk.data(), chunk.size(), 0);
    if (got <= 0) return;
    request.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

TinyServer::TinyServer(Serve serve)
    : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, raw, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "tiny server");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

TinyServer::~TinyServer() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void TinyServer::run(const std::stop_token& stop) const {
  while (!stop.stop_requested()) {
    if (!is_readable(listener_)) continue;
    const int client = ::accept(listener_, nullptr, nullptr);
    serve_(client, stop);
    ::close(client);
  }
}

bool say(int client, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

TinyServer::Serve answering(std::string answer) {
  return [answer = std::move(answer)](int client, const std::stop_token&) {
    read_request(client);
    say(client, answer);
  };
}

}  // namespace pgrepl::test
