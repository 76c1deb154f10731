// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/http_response.h"

#include <charconv>
#include <system_error>

#include "checks/base/text.h"

namespace pgrepl::plugin {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kProtocol = "HTTP/1.";
constexpr std::size_t kShownBytes = 40;

std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t size = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, size);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return size;
}

/// The code of "HTTP/1.1 200 OK".
std::optional<int> parse_status(std::string_view line) {
  constexpr std::size_t kCodeAt = std::string_view{"HTTP/1.1 "}.size();
  if (!line.starts_with(kProtocol) || line.size() < kCodeAt + 3) return std::nullopt;
  const auto code = parse_size(line.substr(kCodeAt, 3));
  if (!code || line[kCodeAt - 1] != ' ') return std::nullopt;
  return static_cast<int>(*code);
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Takes one line off the front of `text`.
std::string_view next_line(std::string_view& text) {
  const auto end = text.find(kLineEnd);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
  return line;
}

/// Whether what has come so far may still become the first line of an answer.
bool may_be_http(std::string_view bytes) {
  const std::size_t known = std::min(bytes.size(), kProtocol.size());
  return bytes.substr(0, known) == kProtocol.substr(0, known);
}

std::string not_http(std::string_view bytes) {
  return "does not speak HTTP, it says " + one_line(bytes, kShownBytes);
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view{} : found->second;
}

std::optional<std::string> HttpResponseReader::take(std::string_view bytes) {
  bytes_ += bytes;
  if (!may_be_http(bytes_)) return not_http(bytes_);
  if (!body_at_) {
    if (auto reason = read_head()) return reason;
  }
  if (bytes_.size() > kMaxResponse) return "sends more than 64 kB";
  return std::nullopt;
}

std::optional<std::string> HttpResponseReader::read_head() {
  const auto end = bytes_.find(kHeadEnd);
  if (end == std::string::npos) return std::nullopt;
  std::string_view head = std::string_view{bytes_}.substr(0, end);

  const std::string_view status_line = next_line(head);
  const auto status = parse_status(status_line);
  if (!status) return not_http(status_line);
  head_.status = *status;
  while (!head.empty()) {
    const std::string_view line = next_line(head);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return "sends a header without a colon";
    const bool added =
        head_.headers
            .emplace(lower(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)))
            .second;
    if (!added) return "sends a header twice";
  }
  if (!head_.header("transfer-encoding").empty())
    return "sends a transfer encoding nobody asked for";
  if (head_.headers.contains("content-length")) {
    length_ = parse_size(head_.header("content-length"));
    if (!length_) return "sends a content length that is no number";
    if (*length_ > kMaxResponse) return "sends more than 64 kB";
  }
  body_at_ = end + kHeadEnd.size();
  return std::nullopt;
}

bool HttpResponseReader::is_complete() const {
  return body_at_ && length_ && bytes_.size() >= *body_at_ + *length_;
}

Result<HttpResponse, std::string> HttpResponseReader::finish() const {
  if (bytes_.empty()) return Failed<std::string>{"closes the connection without an answer"};
  if (!body_at_) return Failed<std::string>{"breaks off in the middle of its answer"};
  const std::size_t size = bytes_.size() - *body_at_;
  if (length_ && size != *length_) {
    return Failed{"sends " + std::to_string(size) + " bytes where it announced " +
                  std::to_string(*length_)};
  }
  HttpResponse response = head_;
  response.body = bytes_.substr(*body_at_);
  return response;
}

}  // namespace pgrepl::plugin
