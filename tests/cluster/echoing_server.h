// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace pgrepl::test {

/// Speaks just enough of PostgreSQL's protocol to ask for the password in clear, and to complain
/// with that very password in the error: the worst that a server, or a proxy before it, can do to a
/// secret.
class EchoingServer {
 public:
  EchoingServer();
  ~EchoingServer();
  EchoingServer(const EchoingServer&) = delete;
  EchoingServer& operator=(const EchoingServer&) = delete;

  int port() const { return port_; }
  /// How many passwords it has been told and has thrown back.
  int echoes() const { return echoes_; }

 private:
  void run(const std::stop_token& stop);
  void serve(int client);

  int port_;
  int listener_;
  std::atomic<int> echoes_{0};
  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace pgrepl::test
