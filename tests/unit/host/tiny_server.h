// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace pgrepl::test {

/// A TCP server on a loopback port of the kernel's choice that does to each client, one after the
/// other, what it is told.
class TinyServer {
 public:
  /// `serve` gets the client's connection, which is closed when it returns.  It should return when
  /// `stop` is requested or when say() fails.
  using Serve = std::function<void(int client, const std::stop_token& stop)>;

  explicit TinyServer(Serve serve);
  ~TinyServer();
  TinyServer(const TinyServer&) = delete;
  TinyServer& operator=(const TinyServer&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/metrics"; }

 private:
  void run(const std::stop_token& stop) const;

  Serve serve_;
  int listener_;
  int port_ = 0;
  std::jthread thread_;
};

/// Sends everything; false once the client is gone.
bool say(int client, std::string_view text);

/// A server that reads the request and answers `answer`.
TinyServer::Serve answering(std::string answer);

}  // namespace pgrepl::test
