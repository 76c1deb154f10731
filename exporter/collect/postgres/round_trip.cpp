// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/round_trip.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace pgrepl {

std::optional<Seconds> tcp_round_trip(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  if (info.tcpi_rtt == 0) return std::nullopt;  // not measured yet
  return std::chrono::microseconds{info.tcpi_rtt};
}

}  // namespace pgrepl
