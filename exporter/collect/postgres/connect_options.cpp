// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/connect_options.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "exporter/config/conninfo.h"

namespace pgrepl {
namespace {

/// The server gives up before we do, so that its answer still comes over the same connection.
constexpr double kStatementShare = 0.8;
constexpr Seconds kIdleInTransactionLimit{10};

std::string milliseconds(Seconds length) {
  return std::to_string(std::max<long>(1, std::lround(length.count() * 1000)));
}

std::string session_settings(const SessionLimits& limits) {
  const std::string statement_limit = milliseconds(kStatementShare * limits.poll_timeout);
  std::string options = "-c default_transaction_read_only=on";
  options += " -c statement_timeout=" + statement_limit;
  options += " -c lock_timeout=" + statement_limit;
  options += " -c idle_in_transaction_session_timeout=" + milliseconds(kIdleInTransactionLimit);
  return options;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(AF_INET, host.c_str(), parsed.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), parsed.data()) == 1;
}

}  // namespace

SessionLimits SessionLimits::from(const ExporterConfig& config) {
  return {.poll_timeout = config.poll_timeout,
          .connect_timeout = std::min(config.connect_timeout, config.poll_timeout),
          .slow_interval = config.slow_interval,
          .poll_interval = config.poll_interval};
}

ConnectOptions connect_options(const ConnectionConfig& connection, const SessionLimits& limits,
                               const std::string& address) {
  // Of several values of one keyword the last one counts, so that ours do.
  ConnectOptions options = connection.keywords;
  if (!connection.password.empty()) options.emplace_back("password", connection.password.reveal());
  if (!address.empty()) options.emplace_back("hostaddr", address);
  options.emplace_back("application_name", "pgrepl_exporter");
  options.emplace_back("client_encoding", "UTF8");
  options.emplace_back("gssencmode", "disable");  // looking for tickets costs memory and time
  options.emplace_back("options", session_settings(limits));
  return options;
}

std::string host_to_look_up(const ConnectionConfig& connection) {
  std::string host = keyword(connection.keywords, "host");
  const bool is_socket = host.empty() || host.front() == '/' || host.front() == '@';
  if (is_socket || is_address(host) || !keyword(connection.keywords, "hostaddr").empty()) return {};
  return host;
}

}  // namespace pgrepl
