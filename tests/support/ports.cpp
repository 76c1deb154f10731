// SPDX-License-Identifier: Apache-2.0
#include "tests/support/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>

namespace pgrepl::test {
namespace {

/// Demos and the benchmark look for their ports above.
constexpr int kFirst = 12000, kLast = 24999;

template <class Address>
bool binds(int socket, const Address& address, std::size_t length) {
  return bind(socket, reinterpret_cast<const sockaddr*>(&address),
              static_cast<socklen_t>(length)) == 0;
}

bool nothing_listens_on(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<in_port_t>(port));
  const int yes = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const bool is_free = binds(probe, address, sizeof address);
  close(probe);
  return is_free;
}

/// A name in the abstract socket namespace marks the port as ours between programs.  The descriptor
/// stays open on purpose: the kernel takes the mark away with the program, however it ends.
bool reserve_for_this_program(int port) {
  const int mark = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = "pgrepl-test-port-" + std::to_string(port);
  std::copy(name.begin(), name.end(), address.sun_path + 1);
  if (binds(mark, address, offsetof(sockaddr_un, sun_path) + 1 + name.size())) return true;
  close(mark);
  return false;
}

}  // namespace

int free_port() {
  static std::mutex mutex;
  const std::lock_guard lock{mutex};
  static std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> pick{kFirst, kLast};
  for (int tries = 0; tries < 1000; ++tries) {
    const int port = pick(random);
    if (nothing_listens_on(port) && reserve_for_this_program(port)) return port;
  }
  throw std::runtime_error("no free port on the loopback");
}

}  // namespace pgrepl::test
