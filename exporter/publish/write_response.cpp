// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/write_response.h"

#include <civetweb.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

namespace pgrepl {
namespace {

/// A page goes out piece by piece, so that a slow reader is noticed between two of them.
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::seconds kAnswerTimeout{10};

constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale.
std::string http_date(std::time_t time) {
  std::tm utc{};
  gmtime_r(&time, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d GMT",
                kDays.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                kMonths.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour,
                utc.tm_min, utc.tm_sec);
  return text.data();
}

/// After these nobody knows where the next request begins.
bool loses_the_thread(int status) { return status == 400 || status == 408 || status == 413; }

/// Nobody here reads a body, and what is left of one must not be taken for the next request.
bool has_body(const mg_connection* connection) {
  return mg_get_request_info(connection)->content_length > 0 ||
         mg_get_header(connection, "Transfer-Encoding") != nullptr;
}

/// Whether the client wants the connection for its next request, by civetweb's own rules.
bool wants_more(const mg_connection* connection) {
  const char* wish = mg_get_header(connection, "Connection");
  if (wish != nullptr) return strcasestr(wish, "keep-alive") != nullptr;
  const char* version = mg_get_request_info(connection)->http_version;
  return version != nullptr && std::string_view(version) == "1.1";
}

/// The head is put together here because civetweb's own way to do it asks gmtime() on all threads
/// at once.
std::string head_of(mg_connection* connection, const HttpResponse& response, bool kept) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " +
                     mg_get_response_code_text(connection, response.status) + "\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  add("Date", http_date(std::time(nullptr)));
  add("Connection", kept ? "keep-alive" : "close");
  add("Content-Type", response.content_type);
  add("Content-Length", std::to_string(response.body != nullptr ? response.body->size() : 0));
  if (response.gzip) add("Content-Encoding", "gzip");
  for (const auto& [name, value] : response.headers) add(name, value);
  return head + "\r\n";
}

/// False: the client did not take it all.
bool write_all(mg_connection* connection, std::string_view body) {
  const auto deadline = std::chrono::steady_clock::now() + kAnswerTimeout;
  while (!body.empty() && std::chrono::steady_clock::now() < deadline) {
    const std::size_t piece = std::min(body.size(), kPieceBytes);
    if (mg_write(connection, body.data(), piece) != static_cast<int>(piece)) break;
    body.remove_prefix(piece);
  }
  return body.empty();
}

}  // namespace

void write_response(mg_connection* connection, const HttpResponse& response, bool with_body) {
  const bool kept =
      !loses_the_thread(response.status) && !has_body(connection) && wants_more(connection);
  const bool whole =
      write_all(connection, head_of(connection, response, kept)) &&
      (!with_body || response.body == nullptr || write_all(connection, *response.body));
  // a client must not take what comes next for the rest of this answer
  if (!kept || !whole) mg_disable_connection_keep_alive(connection);
}

}  // namespace pgrepl
