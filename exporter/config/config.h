// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/base/time.h"
#include "checks/model/cluster_policy.h"
#include "checks/model/host_snapshot.h"
#include "checks/thresholds/thresholds.h"
#include "exporter/config/secret.h"

namespace pgrepl {

/// How to reach one PostgreSQL server.
struct ConnectionConfig {
  /// libpq keywords and values of the conninfo, without password (in `password`), and without those
  /// that the exporter sets itself.
  std::vector<std::pair<std::string, std::string>> keywords;
  Secret password;  ///< from conninfo, password_file or password_env; empty: libpq's own ways
                    ///< (passfile)

  bool operator==(const ConnectionConfig&) const = default;
};

/// Where the facts of a node's machine come from.
struct HostConfig {
  HostSource source = HostSource::local;
  std::string url;  ///< node_exporter only: its /metrics

  /// Directories to look at; an absent one is taken from what the server says of itself, if it can
  /// be.
  std::map<DirectoryPurpose, std::string> paths;

  bool operator==(const HostConfig&) const = default;
};

struct NodeConfig {
  std::string name;
  ConnectionConfig connection;
  std::optional<HostConfig> host;

  bool operator==(const NodeConfig&) const = default;
};

struct ClusterConfig {
  std::string name;
  std::vector<NodeConfig> nodes;
  /// The role that standbys log in with, so that `doctor` can do the same; no server is named.
  std::optional<ConnectionConfig> replication = std::nullopt;
  ClusterPolicy policy;  ///< derived from the above, for the pure core
  Thresholds thresholds;
};

/// Keys of [exporter].
struct ExporterConfig {
  std::vector<std::string> listen_addresses{":10187"};
  std::string telemetry_path = "/metrics";
  Seconds poll_interval{5};
  Seconds poll_interval_alert{
      1};                     ///< while a finding about role, replication, lag or commits is fresh
  Seconds slow_interval{30};  ///< directory listings, archive status, settings
  Seconds poll_timeout{3};    ///< for one poll of one node
  Seconds connect_timeout{3};
  std::string store_path;  ///< empty: nothing is kept over a restart
  std::string log_level = "info";
  std::string log_format = "logfmt";  ///< logfmt or json
  int http_threads = 50;
};

/// The configuration, all of it valid: an invalid one is never made.  Immutable.
struct Config {
  ExporterConfig exporter;
  std::vector<ClusterConfig> clusters;
};

}  // namespace pgrepl
