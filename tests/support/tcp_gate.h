// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <thread>

namespace pgrepl::test {

/// What a gate does with the bytes that the server sends.  What the client sends always passes,
/// except where nothing does.
struct GateRule {
  enum class Kind {
    pass,
    not_accept,  ///< new connections stay in the kernel's queue: connected, and silent
    black_hole,  ///< nothing passes in either direction, connections stay open
    delay,       ///< each piece arrives `pause` later
    cut,         ///< the connection closes after the server's first `bytes` bytes
    hush,        ///< the server's first `bytes` bytes pass, the rest never does
    drip,        ///< one byte every `pause`
    throttle,    ///< `bytes` every `pause`; what comes faster waits with the server
    reset        ///< every connection is reset at once, new ones too
  };
  Kind kind = Kind::pass;
  std::chrono::milliseconds pause{0};
  std::size_t bytes = 0;
};

/// A TCP proxy on a loopback port before a server on another, with a fault to order.  Runs a thread
/// of its own; set() is thread-safe and changes open connections too.
class TcpGate {
 public:
  explicit TcpGate(int server_port);
  ~TcpGate();
  TcpGate(const TcpGate&) = delete;
  TcpGate& operator=(const TcpGate&) = delete;

  int port() const { return port_; }
  /// Changes what happens to new and to open connections.  Returns when it counts.
  void set(const GateRule& rule);
  /// Leads new connections to another server, and cuts those that are open.
  void lead_to(int server_port);
  /// Connections taken since the start.
  int connections() const { return connections_; }
  /// How often a client has spoken, and said nothing more before the server did: the round trips of
  /// all connections since the start.
  int round_trips() const { return round_trips_; }

 private:
  struct Link;
  void run(const std::stop_token& stop);
  GateRule rule() const;

  std::atomic<int> server_port_;
  int port_;
  int listener_ = -1;
  mutable std::mutex mutex_;  ///< guards rule_
  GateRule rule_;
  std::atomic<int> rounds_{0};
  std::atomic<int> connections_{0};
  std::atomic<int> round_trips_{0};
  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace pgrepl::test
