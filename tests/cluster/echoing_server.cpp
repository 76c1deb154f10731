// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/echoing_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <optional>

#include "tests/support/ports.h"

namespace pgrepl::test {
namespace {

constexpr int kPatienceMs = 5000;
constexpr std::uint32_t kSslRequest = 80877103, kGssRequest = 80877104;

bool is_readable(int socket, int limit_ms) {
  pollfd wanted{socket, POLLIN, 0};
  return poll(&wanted, 1, limit_ms) > 0;
}

std::optional<std::string> read_exactly(int socket, std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t got = 0; got < size;) {
    if (!is_readable(socket, kPatienceMs)) return std::nullopt;
    const ssize_t piece = recv(socket, text.data() + got, size - got, 0);
    if (piece <= 0) return std::nullopt;
    got += static_cast<std::size_t>(piece);
  }
  return text;
}

std::uint32_t number(const std::string& bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

std::string bytes(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFF);
  return text;
}

/// The message's body, without its length.
std::optional<std::string> read_message(int socket) {
  const auto length = read_exactly(socket, 4);
  if (!length || number(*length) < 4 || number(*length) > 10000) return std::nullopt;
  return read_exactly(socket, number(*length) - 4);
}

void write_message(int socket, char type, const std::string& body) {
  const std::string message = type + bytes(static_cast<std::uint32_t>(body.size() + 4)) + body;
  (void)!send(socket, message.data(), message.size(), MSG_NOSIGNAL);
}

/// True once the client has sent its startup message; TLS and GSS are declined.
bool greets(int client) {
  for (;;) {
    const auto startup = read_message(client);
    if (!startup || startup->size() < 4) return false;
    const std::uint32_t code = number(startup->substr(0, 4));
    if (code != kSslRequest && code != kGssRequest) return true;
    (void)!send(client, "N", 1, MSG_NOSIGNAL);
  }
}

}  // namespace

EchoingServer::EchoingServer()
    : port_(free_port()), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port_));
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 8) != 0)
    throw std::runtime_error("cannot listen on port " + std::to_string(port_));
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

EchoingServer::~EchoingServer() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
}

void EchoingServer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!is_readable(listener_, 50)) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    serve(client);
    close(client);
  }
}

void EchoingServer::serve(int client) {
  if (!greets(client)) return;
  write_message(client, 'R', bytes(3));  // AuthenticationCleartextPassword
  const auto type = read_exactly(client, 1);
  const auto password = type ? read_message(client) : std::nullopt;
  if (!password) return;
  const std::string end(1, '\0');
  const std::string text = "no entry for password " + password->substr(0, password->size() - 1);
  write_message(client, 'E',
                "SFATAL" + end + "VFATAL" + end + "C28P01" + end + "M" + text + end + "D" + text +
                    end + "H" + text + end + end);
  ++echoes_;
}

}  // namespace pgrepl::test
