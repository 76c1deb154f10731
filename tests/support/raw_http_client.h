// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pgrepl::test {

/// What came back for one request.  Header names in lower case.
struct RawReply {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found != headers.end() ? found->second : "";
  }
};

/// A TCP connection to 127.0.0.1 that sends what it is told, well-formed or not.
class RawHttpClient {
 public:
  /// Throws std::runtime_error if nothing accepts.
  explicit RawHttpClient(int port);
  RawHttpClient(RawHttpClient&& other) noexcept;
  RawHttpClient& operator=(RawHttpClient&&) = delete;
  ~RawHttpClient();

  void send(std::string_view bytes);

  /// Reads one reply.  Absent when the server closes before the headers are complete, or after 10
  /// s. A body is read as far as Content-Length says, unless it is the reply to a HEAD.
  std::optional<RawReply> receive(bool of_head = false);

  /// All that still comes until the server closes, or for `seconds` at most.
  std::string receive_rest(int seconds);

 private:
  bool receive_more(int seconds);

  int fd_;
  std::string buffer_;
};

/// "GET path" with the given further header lines ("Accept: text/html\r\n"), on a connection of its
/// own. Throws std::runtime_error if there is no reply.
RawReply raw_get(int port, const std::string& path, const std::string& headers = "");

}  // namespace pgrepl::test
