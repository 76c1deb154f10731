// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace pgrepl::test {

/// One message of PostgreSQL's protocol.
std::string protocol_message(char type, std::string_view body);

/// What lets a client in: AuthenticationOk, server_version, ReadyForQuery.
std::string protocol_welcome(const std::string& version = "15.1");

/// Listens on a loopback port, says the same bytes to whoever connects, and then waits for the
/// client to go.  Each message of the client that has an answer by its type, such as 'S' for Sync,
/// gets it; the others are dropped.  Runs a thread of its own.
class FakeServer {
 public:
  using Answers = std::map<char, std::string>;

  explicit FakeServer(std::string greeting, Answers answers = {});
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  int port() const { return port_; }

 private:
  struct Client;

  void run(const std::stop_token& stop) const;
  bool serve(Client& client) const;
  std::string answers_to(Client& client) const;

  std::string greeting_;
  Answers answers_;
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace pgrepl::test
