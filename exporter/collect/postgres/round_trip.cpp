// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/round_trip.h"

#include <linux/tcp.h>  // the C library's own tcp_info ends before the least round trip
#include <netinet/in.h>
#include <sys/socket.h>

#include <limits>

namespace pgrepl {

std::optional<Seconds> tcp_round_trip(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  const auto least = info.tcpi_min_rtt;
  const bool is_measured = least != 0 && least != std::numeric_limits<decltype(least)>::max();
  if (!is_measured) return std::nullopt;
  return std::chrono::microseconds{least};
}

}  // namespace pgrepl
