// SPDX-License-Identifier: Apache-2.0
#include "tests/support/raw_http_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace pgrepl::test {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The head of a reply, without the blank line.
RawReply parse_head(std::string_view head) {
  RawReply reply;
  reply.status = std::stoi(std::string(head.substr(head.find(' ') + 1, 3)));
  for (auto line = head.find("\r\n"); line != head.npos;) {
    const auto next = head.find("\r\n", line + 2);
    const std::string_view text = head.substr(line + 2, next == head.npos ? next : next - line - 2);
    const auto colon = text.find(": ");
    if (colon != text.npos) {
      reply.headers[lower(std::string(text.substr(0, colon)))] = text.substr(colon + 2);
    }
    line = next;
  }
  return reply;
}

}  // namespace

RawHttpClient::RawHttpClient(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd_);
    throw std::runtime_error("nothing accepts on port " + std::to_string(port));
  }
}

RawHttpClient::RawHttpClient(RawHttpClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

RawHttpClient::~RawHttpClient() {
  if (fd_ >= 0) close(fd_);
}

void RawHttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server has closed; what it said before is still to be read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool RawHttpClient::receive_more(int seconds) {
  pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
  if (poll(&waiting, 1, seconds * 1000) <= 0) return false;
  std::array<char, 65536> piece;
  const ssize_t got = recv(fd_, piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<RawReply> RawHttpClient::receive(bool of_head) {
  while (buffer_.find("\r\n\r\n") == std::string::npos) {
    if (!receive_more(10)) return std::nullopt;
  }
  const auto end = buffer_.find("\r\n\r\n");
  RawReply reply = parse_head(std::string_view(buffer_).substr(0, end));
  buffer_.erase(0, end + 4);
  const std::string length = reply.header("content-length");
  const std::size_t expected = of_head || length.empty() ? 0 : std::stoul(length);
  while (buffer_.size() < expected) {
    if (!receive_more(10)) return std::nullopt;
  }
  reply.body = buffer_.substr(0, expected);
  buffer_.erase(0, expected);
  return reply;
}

std::string RawHttpClient::receive_rest(int seconds) {
  while (receive_more(seconds)) {
  }
  return std::exchange(buffer_, {});
}

RawReply raw_get(int port, const std::string& path, const std::string& headers) {
  RawHttpClient client(port);
  client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n");
  auto reply = client.receive();
  if (!reply) throw std::runtime_error("no reply to GET " + path);
  return *std::move(reply);
}

}  // namespace pgrepl::test
