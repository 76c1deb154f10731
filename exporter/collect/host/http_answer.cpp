// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/http_answer.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "checks/base/number.h"
#include "checks/base/text.h"

namespace pgrepl {
namespace {

Failure failure(std::string why) {
  return {.reason = FailureClass::other, .message = "http: " + std::move(why)};
}

/// The value of a header field, without blanks around it; absent if it is not there.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (auto line = head.find("\r\n"); line != std::string_view::npos;
       line = head.find("\r\n", line)) {
    line += 2;
    const std::string_view rest = head.substr(line);
    const bool found = rest.size() > name.size() && rest[name.size()] == ':' &&
                       std::equal(name.begin(), name.end(), rest.begin(), same);
    if (!found) continue;
    std::string_view value = rest.substr(name.size() + 1, rest.find("\r\n") - name.size() - 1);
    value.remove_prefix(std::min(value.size(), value.find_first_not_of(' ')));
    return value;
  }
  return std::nullopt;
}

}  // namespace

Result<std::string, Failure> body_of(std::string answer) {
  const auto end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.") || end == std::string::npos) {
    return Failed{failure("the answer is not HTTP")};
  }
  const std::string_view head{answer.data(), end + 2};
  constexpr std::size_t kStatusOffset = sizeof "HTTP/1.1 " - 1;
  if (const std::string_view status = head.substr(kStatusOffset, 3); status != "200") {
    return Failed{failure("status " + one_line(status, 3) + " instead of 200")};
  }
  const std::size_t body = end + 4;
  if (const auto length = header(head, "Content-Length")) {
    const auto number = parse_number(*length);
    if (!number || *number != static_cast<double>(answer.size() - body)) {
      return Failed{failure("the page breaks off")};
    }
  }
  answer.erase(0, body);
  return answer;
}

}  // namespace pgrepl
