// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace pgrepl::test {

/// A TCP server on the loopback that treats every connection as its script says, one at a time.
class ScriptedServer {
 public:
  /// What happens on one connection: `fd` is open, the request has been read, and whoever takes
  /// long asks `stop`.
  using Script = std::function<void(int fd, const std::stop_token& stop)>;

  enum class Family { ipv4, ipv6 };

  /// Throws std::runtime_error if the address cannot be listened on.
  explicit ScriptedServer(Script script, Family family = Family::ipv4);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string port() const { return std::to_string(port_); }
  std::string url() const { return "http://127.0.0.1:" + port(); }
  int connections() const { return connections_; }
  /// The first line of the last request.
  std::string last_request() const;

 private:
  void run(const std::stop_token& stop);
  void serve(int fd, const std::stop_token& stop);

  Script script_;
  int listener_;
  int port_;
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;  ///< guards last_request_
  std::string last_request_;
  std::jthread thread_;  ///< last: it uses all of the above
};

/// Sends the bytes and closes.
ScriptedServer::Script sends(std::string bytes);
/// Sends the bytes and keeps the connection open.
ScriptedServer::Script sends_and_stays(std::string bytes);
/// Sends the bytes one by one, with `pause` seconds after each.
ScriptedServer::Script drips(std::string bytes, double pause);
/// Sends the piece again and again.
ScriptedServer::Script floods(std::string piece, std::size_t bytes);

/// The answer of a daemon, whole.
std::string daemon_says(int state, bool fresh, const std::string& text,
                        const std::string& status = "200 OK");

}  // namespace pgrepl::test
