// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <thread>

namespace pgrepl::test {

/// Listens on a loopback port, says the same bytes to whoever connects, and then waits for the
/// client to go.  Runs a thread of its own.
class FakeServer {
 public:
  explicit FakeServer(std::string greeting);
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  int port() const { return port_; }

 private:
  void run(const std::stop_token& stop) const;

  std::string greeting_;
  int listener_ = -1;
  int port_ = 0;
  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace pgrepl::test
