// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/http_client.h"

#include <array>

namespace pgrepl::plugin {
namespace {

bool is_unreserved(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool digit = c >= '0' && c <= '9';
  return letter || digit || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHexadecimal = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (is_unreserved(c)) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += kHexadecimal[byte >> 4];
    result += kHexadecimal[byte & 0xF];
  }
  return result;
}

std::string request_text(std::string_view host, std::string_view path) {
  std::string text = "GET ";
  text += path;
  text += " HTTP/1.1\r\nHost: ";
  text += host;
  text += "\r\nUser-Agent: check_pgrepl/" PGREPL_VERSION
          "\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";
  return text;
}

}  // namespace

std::string with_query(std::string path, const QueryParameters& parameters) {
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    path += separator;
    path += escaped(name) + '=' + escaped(value);
    separator = '&';
  }
  return path;
}

Result<HttpResponse, std::string> http_get(Stream& stream, std::string_view host,
                                           std::string_view path, const Deadline& deadline) {
  if (const auto reason = stream.send(request_text(host, path), deadline)) return Failed{*reason};
  HttpResponseReader reader;
  std::array<char, 8192> buffer{};
  while (!reader.is_complete()) {
    const auto count = stream.receive(buffer, deadline);
    if (!count) return Failed{count.error()};
    if (*count == 0) break;
    if (const auto reason = reader.take({buffer.data(), *count})) return Failed{*reason};
  }
  return reader.finish();
}

}  // namespace pgrepl::plugin
