// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collect/fake_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "exporter/collect/unique_fd.h"

namespace pgrepl::test {
namespace {

constexpr int kLookEveryMs = 20;

/// Whether the client has gone; what it says is dropped.
bool client_left(int client) {
  std::array<char, 4096> dropped{};
  return ::recv(client, dropped.data(), dropped.size(), MSG_DONTWAIT) == 0;
}

}  // namespace

FakeServer::FakeServer(std::string greeting)
    : greeting_(std::move(greeting)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool listens = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 64) == 0 &&
                       ::getsockname(listener_, generic, &size) == 0;
  if (!listens) throw std::runtime_error("the fake server cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

FakeServer::~FakeServer() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void FakeServer::run(const std::stop_token& stop) const {
  std::vector<UniqueFd> clients;
  while (!stop.stop_requested()) {
    pollfd listener{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&listener, 1, kLookEveryMs) == 1) {
      clients.emplace_back(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
      ::send(clients.back().get(), greeting_.data(), greeting_.size(), MSG_NOSIGNAL);
    }
    std::erase_if(clients, [](const UniqueFd& client) { return client_left(client.get()); });
  }
}

}  // namespace pgrepl::test
