// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/write_response.h"

#include <civetweb.h>

#include <algorithm>
#include <chrono>

namespace pgrepl {
namespace {

/// A page goes out piece by piece, so that a slow reader is noticed between two of them.
constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::chrono::seconds kAnswerTimeout{10};

void add_header(mg_connection* connection, const char* name, std::string_view value) {
  mg_response_header_add(connection, name, value.data(), static_cast<int>(value.size()));
}

void write_body(mg_connection* connection, std::string_view body) {
  const auto deadline = std::chrono::steady_clock::now() + kAnswerTimeout;
  while (!body.empty() && std::chrono::steady_clock::now() < deadline) {
    const std::size_t piece = std::min(body.size(), kPieceBytes);
    if (mg_write(connection, body.data(), piece) != static_cast<int>(piece)) break;
    body.remove_prefix(piece);
  }
  // the client must not take the rest of the connection for the rest of the page
  if (!body.empty()) mg_disable_connection_keep_alive(connection);
}

}  // namespace

void write_response(mg_connection* connection, const HttpResponse& response, bool with_body) {
  const std::string_view body = response.body != nullptr ? std::string_view(*response.body) : "";
  mg_response_header_start(connection, response.status);
  add_header(connection, "Content-Type", response.content_type);
  add_header(connection, "Content-Length", std::to_string(body.size()));
  if (response.gzip) add_header(connection, "Content-Encoding", "gzip");
  for (const auto& [name, value] : response.headers) add_header(connection, name.c_str(), value);
  mg_response_header_send(connection);
  if (with_body) write_body(connection, body);
}

}  // namespace pgrepl
