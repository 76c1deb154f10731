// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/http_connection.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <utility>

namespace pgrepl::bench {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// How the end of an answer is recognised.
struct Framing {
  std::size_t head = 0;    ///< length of the head with its blank line; 0 while incomplete
  std::size_t length = 0;  ///< of the body; without meaning if chunked
  bool chunked = false;
};

Framing read_framing(std::string_view answer) {
  Framing framing;
  const auto end = answer.find(kHeadEnd);
  if (end == answer.npos) return framing;
  const std::string_view head = answer.substr(0, end);
  framing.head = end + kHeadEnd.size();
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  if (const auto at = head.find(kLength); at != head.npos) {
    std::from_chars(head.data() + at + kLength.size(), head.data() + end, framing.length);
  } else {
    framing.chunked = head.find("\r\nTransfer-Encoding: chunked") != head.npos;
  }
  return framing;
}

/// A compressed page may hold the bytes of a last chunk by chance, but then more of it follows, and
/// the next read starts with the rest.  That is rare enough to cost a failed fetch, which is shown.
bool is_complete(const Framing& framing, std::string_view answer) {
  if (framing.head == 0) return false;
  return framing.chunked ? answer.ends_with(kLastChunk)
                         : answer.size() >= framing.head + framing.length;
}

}  // namespace

std::size_t HttpConnection::fetch(std::string_view request) {
  if ((fd_ >= 0 || connect()) && send(request) && receive_answer()) return answer_.size();
  close();
  return 0;
}

void HttpConnection::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool HttpConnection::connect() {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{.tv_sec = time_out_.count() / 1000,
                      .tv_usec = time_out_.count() % 1000 * 1000};
  const int on = 1;
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

bool HttpConnection::send(std::string_view request) const {
  return ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(request.size());
}

bool HttpConnection::receive_answer() {
  answer_.clear();
  Framing framing;
  std::array<char, 65536> piece;
  while (!is_complete(framing, answer_)) {
    const ssize_t got = recv(fd_, piece.data(), piece.size(), 0);
    if (got <= 0) return false;
    answer_.append(piece.data(), static_cast<std::size_t>(got));
    if (framing.head == 0) framing = read_framing(answer_);
  }
  return answer_.starts_with("HTTP/1.1 200 ");
}

}  // namespace pgrepl::bench
