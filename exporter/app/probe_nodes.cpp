// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/probe_nodes.h"

#include <future>
#include <string>

#include "checks/base/number.h"
#include "exporter/collect/own_addresses.h"
#include "exporter/collect/port_probe.h"
#include "exporter/collect/postgres/identify_system.h"
#include "exporter/config/conninfo.h"

namespace pgrepl {
namespace {

constexpr int kDefaultPort = 5432;

/// Where the server is; addresses are absent for one that is reached through the file system.
std::vector<std::string> addresses_of(const ConnectionConfig& connection, Seconds limit,
                                      NodeProbe& probe) {
  const std::string name = host_to_look_up(connection);
  if (!name.empty()) {
    probe.addresses = look_up_host(name, limit);
    return *probe.addresses ? **probe.addresses : std::vector<std::string>{};
  }
  const std::string hostaddr = keyword(connection.keywords, "hostaddr");
  if (!hostaddr.empty()) return {hostaddr};
  const bool in_file_system =
      probe.host.empty() || probe.host.front() == '/' || probe.host.front() == '@';
  return in_file_system ? std::vector<std::string>{} : std::vector{probe.host};
}

void try_port(const ConnectionConfig& connection, Seconds limit, NodeProbe& probe) {
  const int port = parse_port(probe.port).value_or(kDefaultPort);
  const PortAnswer answer = probe_port(addresses_of(connection, limit, probe), port, limit);
  probe.port_state = answer.state;
  probe.tried_address = answer.address;
  probe.port_message = answer.message;
  probe.is_here = answer.address.empty() || is_own_address(answer.address);
}

bool may_get_further(const NodeProbe& probe) {
  if (probe.addresses && !*probe.addresses) return false;
  return probe.port_state == PortState::open || probe.port_state == PortState::not_tried;
}

NodeProbe probe_node(const SessionLimits& limits, const NodeConfig& node,
                     const std::optional<ConnectionConfig>& login) {
  const auto& keywords = node.connection.keywords;
  NodeProbe probe{.host = keyword(keywords, "host"), .user = keyword(keywords, "user")};
  if (const std::string port = keyword(keywords, "port"); !port.empty()) probe.port = port;
  if (probe.host.empty()) probe.host = keyword(keywords, "hostaddr");
  try_port(node.connection, limits.connect_timeout, probe);
  if (!login) return probe;
  probe.replication_user = keyword(login->keywords, "user");
  if (may_get_further(probe)) {
    probe.replication = identify_system(replication_connection(node.connection, *login), limits);
  }
  return probe;
}

}  // namespace

std::vector<NodeProbe> probe_nodes(const ExporterConfig& exporter, const ClusterConfig& cluster) {
  const SessionLimits limits = SessionLimits::from(exporter);
  std::vector<std::future<NodeProbe>> probing;
  for (const NodeConfig& node : cluster.nodes) {
    probing.push_back(std::async(std::launch::async, [&limits, &node, &cluster] {
      return probe_node(limits, node, cluster.replication);
    }));
  }
  std::vector<NodeProbe> probes;
  for (auto& probe : probing) probes.push_back(probe.get());
  return probes;
}

}  // namespace pgrepl
