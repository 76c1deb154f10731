// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/base/result.h"
#include "exporter/publish/http.h"

namespace pgrepl {

/// civetweb behind one class.  HEAD gets the headers of GET and no body; methods other than GET,
/// HEAD and POST get 405, a query that cannot be read 400, a long address 414, long headers 431,
/// and what is beyond both 400, each with a plain sentence.  An exception in the handler becomes
/// 500.  Short time-outs and many threads: clients that never finish their request do not delay
/// others. Thread-safe; the handler is called on civetweb's threads until the destructor returns.
class HttpServer {
 public:
  struct Options {
    std::vector<std::string>
        listen_addresses;  ///< "host:port", ":port"; port 0 lets the system choose
    int threads = 50;      ///< so many requests at the same time, unfinished ones included
    /// Takes one line about what went wrong inside an answer.  Called on many threads; may be
    /// empty.
    std::function<void(std::string_view)> log;
  };

  /// Starts to listen.  The error names the address and the reason ("127.0.0.1:10187: address
  /// already in use; is another pgrepl_exporter running?").
  static Result<HttpServer, std::string> start(const Options& options, HttpHandler handler);

  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) noexcept;
  ~HttpServer();  ///< stops, within 3 s: civetweb wakes up once a second to look

  /// The ports listened on, in the order of the addresses.
  std::vector<int> ports() const;

 private:
  struct Running;
  explicit HttpServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace pgrepl
