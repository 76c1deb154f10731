// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pgrepl::bench {

/// A TCP connection to 127.0.0.1 that fetches pages and keeps none of them.  Confined to one
/// thread.
class HttpConnection {
 public:
  HttpConnection(std::uint16_t port, std::chrono::milliseconds time_out)
      : port_(port), time_out_(time_out) {}
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection() { close(); }

  /// Sends a request, connecting first if need be, and reads the answer to its end.  Returns the
  /// bytes received, or 0 after closing the connection: no complete answer with status 200 came, or
  /// the server was silent for longer than the time-out.
  std::size_t fetch(std::string_view request);

  void close();

 private:
  bool connect();
  bool send(std::string_view request) const;
  bool receive_answer();

  std::uint16_t port_;
  std::chrono::milliseconds time_out_;
  int fd_ = -1;
  std::string answer_;
};

}  // namespace pgrepl::bench
