// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pgrepl {

/// A request, already parsed and bounded.
struct HttpRequest {
  std::string method;  ///< GET, HEAD or POST; others never get here
  std::string path;    ///< decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order, keys may repeat
  bool accepts_gzip = false;
};

/// An answer.  The body may be shared with other answers: a page is rendered once.
struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::shared_ptr<const std::string> body;
  bool gzip = false;  ///< the body is compressed
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Answers one request.  Called on many threads at once; must not block on a database.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

}  // namespace pgrepl
