// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/collect/fake_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "exporter/collect/unique_fd.h"

namespace pgrepl::test {
namespace {

constexpr int kLookEveryMs = 20;
constexpr std::size_t kLengthSize = 4;

/// The length that a message tells of itself, at `at`; it counts its own bytes.
std::size_t told_length(const std::string& text, std::size_t at) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthSize; ++i) {
    length = (length << 8) | static_cast<unsigned char>(text[at + i]);
  }
  return length;
}

}  // namespace

struct FakeServer::Client {
  UniqueFd socket;
  std::string said;      ///< and not answered yet
  bool started = false;  ///< its first message, which has no type, has come
};

std::string protocol_message(char type, std::string_view body) {
  const std::size_t length = body.size() + kLengthSize;
  std::string message(1, type);
  for (int shift = 24; shift >= 0; shift -= 8) message += static_cast<char>(length >> shift);
  return message.append(body);
}

std::string protocol_welcome(const std::string& version) {
  using std::string_literals::operator""s;
  return protocol_message('R', "\0\0\0\0"s) +
         protocol_message('S', "server_version\0"s + version + "\0"s) + protocol_message('Z', "I");
}

FakeServer::FakeServer(std::string greeting, Answers answers)
    : greeting_(std::move(greeting)),
      answers_(std::move(answers)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool listens = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 64) == 0 &&
                       ::getsockname(listener_, generic, &size) == 0;
  if (!listens) throw std::runtime_error("the fake server cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

FakeServer::~FakeServer() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void FakeServer::run(const std::stop_token& stop) const {
  std::vector<Client> clients;
  while (!stop.stop_requested()) {
    std::vector<pollfd> waited{{.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const Client& client : clients) {
      waited.push_back({.fd = client.socket.get(), .events = POLLIN, .revents = 0});
    }
    ::poll(waited.data(), waited.size(), kLookEveryMs);
    if (waited.front().revents != 0) {
      clients.push_back({.socket = UniqueFd(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC))});
      ::send(clients.back().socket.get(), greeting_.data(), greeting_.size(), MSG_NOSIGNAL);
    }
    std::erase_if(clients, [this](Client& client) { return !serve(client); });
  }
}

/// Reads and answers what a client says.  False: it has gone.
bool FakeServer::serve(Client& client) const {
  std::array<char, 4096> heard{};
  const ssize_t size = ::recv(client.socket.get(), heard.data(), heard.size(), MSG_DONTWAIT);
  if (size == 0) return false;
  if (size < 0 || answers_.empty()) return true;
  client.said.append(heard.data(), static_cast<std::size_t>(size));
  const std::string answer = answers_to(client);
  ::send(client.socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  return true;
}

/// The answers to all whole messages, which are taken out of what the client has said.
std::string FakeServer::answers_to(Client& client) const {
  std::string all;
  while (true) {
    const std::size_t type_size = client.started ? 1 : 0;
    if (client.said.size() < type_size + kLengthSize) return all;
    const std::size_t size = type_size + told_length(client.said, type_size);
    if (client.said.size() < size) return all;
    const auto answer = answers_.find(client.said.front());
    if (client.started && answer != answers_.end()) all += answer->second;
    client.started = true;
    client.said.erase(0, size);
  }
}

}  // namespace pgrepl::test
