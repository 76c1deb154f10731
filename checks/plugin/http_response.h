// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "checks/base/result.h"

namespace pgrepl::plugin {

/// No answer of ours is longer; head and body together.
inline constexpr std::size_t kMaxResponse = 64 * 1024;

/// An HTTP answer.  Names of headers are in lower case.
struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string, std::less<>> headers;
  std::string body;

  /// Empty if there is no such header.
  std::string_view header(std::string_view name) const;
};

/// Puts an answer together from the bytes as they come.  The errors are short texts that tell what
/// the other side did.
class HttpResponseReader {
 public:
  /// Takes bytes in; the reason if this cannot become an answer any more.
  std::optional<std::string> take(std::string_view bytes);

  /// Whether all has come that the answer announced.  Without a length it announces nothing, and
  /// its end is that of the stream.
  bool is_complete() const;

  /// The answer, at the end of the stream or once complete.
  Result<HttpResponse, std::string> finish() const;

 private:
  std::optional<std::string> read_head();

  std::string bytes_;
  HttpResponse head_;
  std::optional<std::size_t> body_at_;  ///< absent: the head is not complete
  std::optional<std::size_t> length_;   ///< of the body, if announced
};

}  // namespace pgrepl::plugin
