// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdexcept>

#include "exporter/collect/unique_fd.h"
#include "tests/support/ports.h"

namespace pgrepl::test {

/// A port that takes connections until its queue is full; then the kernel drops what arrives, as a
/// firewall does.
class Listener {
 public:
  explicit Listener(int backlog) : port_(free_port()), listener_(a_socket()) {
    const sockaddr_in address = loopback(port_);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_.get(), backlog) != 0) {
      throw std::runtime_error("cannot listen on the loopback");
    }
  }
  /// Fills the queue.
  void fill() {
    const sockaddr_in address = loopback(port_);
    for (UniqueFd& client : clients_) {
      client = a_socket();
      ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
  }
  int port() const { return port_; }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static UniqueFd a_socket() {
    return UniqueFd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  }

  int port_;
  UniqueFd listener_;
  UniqueFd clients_[4];
};

}  // namespace pgrepl::test
