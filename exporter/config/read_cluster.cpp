// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/read_cluster.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "exporter/config/conninfo.h"
#include "exporter/config/read_connection.h"
#include "exporter/config/read_host.h"
#include "exporter/config/table_reader.h"

namespace pgrepl {
namespace {

std::string read_name(TableReader& reader) {
  if (reader.find("name") == nullptr) reader.complain("name", reader.title() + " has no \"name\"");
  const auto name = reader.text("name", "wallix-a1");
  if (name && !is_good_name(*name)) {
    reader.complain("name",
                    "\"name\" must be 1 to 63 letters, digits, blanks or . _ - + / : @, not " +
                        in_quotes(*name));
  }
  return name.value_or("");
}

ExpectSync read_expect_sync(TableReader& cluster) {
  const auto choice = cluster.choice("expect_sync", {"required", "off", "auto"});
  if (choice == "required") return ExpectSync::required;
  return choice == "off" ? ExpectSync::off : ExpectSync::automatic;
}

std::optional<WallTime> read_maintenance(TableReader& cluster) {
  constexpr std::string_view kKey = "maintenance_until";
  constexpr std::string_view kWanted =
      "a date and time with offset such as 2026-05-01T22:00:00+02:00";
  const Key* key = cluster.find(kKey);
  if (key == nullptr) return std::nullopt;
  if (key->value.kind == ValueKind::moment) return key->value.moment;
  if (key->value.kind != ValueKind::text) {
    cluster.complain_of_kind(*key, kWanted);
    return std::nullopt;
  }
  const auto moment = parse_moment(key->value.text);
  if (!moment) {
    cluster.complain(kKey, in_quotes(kKey) + " must be " + std::string{kWanted} + ", not " +
                               in_quotes(key->value.text));
  }
  return moment;
}

/// Names and addresses of the conninfo, by which the primary may know this node; a socket is
/// neither.
std::vector<std::string> addresses_of(const ConnectionConfig& connection) {
  std::vector<std::string> addresses;
  for (const std::string_view name : {"host", "hostaddr"}) {
    std::string value = keyword(connection.keywords, name);
    if (!value.empty() && !value.starts_with('/') && !value.starts_with('@')) {
      addresses.push_back(std::move(value));
    }
  }
  return addresses;
}

std::string port_of(const ConnectionConfig& connection) {
  const std::string port = keyword(connection.keywords, "port");
  return port.empty() ? "5432" : port;
}

NodePolicy policy_of(const NodeConfig& node) {
  return {.name = node.name,
          .addresses = addresses_of(node.connection),
          .port = port_of(node.connection),
          .user = keyword(node.connection.keywords, "user"),
          .host_configured = node.host.has_value(),
          .exporter_is_local = node.host && node.host->source == HostSource::local};
}

std::string server_of(const ConnectionConfig& connection) {
  const std::string address = keyword(connection.keywords, "hostaddr");
  return (address.empty() ? keyword(connection.keywords, "host") : address) + " port " +
         port_of(connection);
}

class ClusterReader {
 public:
  ClusterReader(const Value& table, const ClusterSetting& setting, Problems& problems)
      : reader_(table, "[[cluster]]", problems), setting_(setting), problems_(problems) {}

  ClusterConfig read() {
    config_.name = read_name(reader_);
    config_.policy.name = config_.name;
    config_.policy.expect_sync = read_expect_sync(reader_);
    if (const auto until = read_maintenance(reader_)) {
      config_.policy.maintenance = {.until = *until, .reason = ""};
    }
    config_.policy.poll_interval = setting_.exporter.poll_interval;
    config_.policy.poll_timeout = setting_.exporter.poll_timeout;
    WrittenLevel own;
    if (const Value* table = reader_.table("thresholds")) {
      own = read_thresholds(*table, "[cluster.thresholds]", setting_.thresholds, problems_);
    }
    if (const Value* login = reader_.table("replication")) {
      config_.replication = read_login(*login, setting_.directory, problems_);
      const std::string user = keyword(config_.replication->keywords, "user");
      if (!user.empty()) config_.policy.replication_user = user;
    }
    read_nodes(merged(setting_.thresholds, own));
    reader_.report_unknown_keys();
    config_.thresholds = Thresholds{to_ranges(setting_.thresholds.written), to_ranges(own),
                                    std::move(node_thresholds_)};
    return std::move(config_);
  }

 private:
  void read_nodes(const LevelAbove& above) {
    if (reader_.find("node") == nullptr) {
      reader_.complain("node", "cluster " + in_quotes(config_.name) +
                                   " has no nodes; write a [[cluster.node]] for each server");
    }
    const std::vector<Value>* nodes = reader_.tables("node");
    if (nodes == nullptr) return;
    for (const Value& node : *nodes) read_node(node, above);
  }

  void read_node(const Value& table, const LevelAbove& above) {
    TableReader reader{table, "[[cluster.node]]", problems_};
    NodeConfig node{.name = read_name(reader),
                    .connection = read_connection(reader, setting_.directory),
                    .host = std::nullopt};
    if (const Value* host = reader.table("host")) node.host = read_host(*host, problems_);
    if (const Value* limits = reader.table("thresholds")) {
      node_thresholds_[node.name] =
          to_ranges(read_thresholds(*limits, "[cluster.node.thresholds]", above, problems_));
    }
    reader.report_unknown_keys();
    check_distinct(reader, node);
    config_.policy.nodes.push_back(policy_of(node));
    config_.nodes.push_back(std::move(node));
  }

  /// Two nodes that lead to one server would look like two primaries.
  void check_distinct(const TableReader& reader, const NodeConfig& node) {
    for (const NodeConfig& other : config_.nodes) {
      if (!node.name.empty() && node.name == other.name) {
        reader.complain("name", "cluster " + in_quotes(config_.name) + " has two nodes named " +
                                    in_quotes(node.name));
      }
      if (node.connection.keywords.empty() || other.connection.keywords.empty()) continue;
      if (server_of(node.connection) == server_of(other.connection)) {
        reader.complain("conninfo", "node " + in_quotes(node.name) +
                                        " connects to the same server as node " +
                                        in_quotes(other.name));
      }
    }
  }

  TableReader reader_;
  const ClusterSetting& setting_;
  Problems& problems_;
  ClusterConfig config_;
  std::map<std::string, ThresholdLevel> node_thresholds_;
};

}  // namespace

bool is_good_name(std::string_view name) {
  constexpr std::size_t kLongest = 63;  // of application_name: NAMEDATALEN - 1
  constexpr std::string_view kSigns = " ._-+/:@";
  if (name.empty() || name.size() > kLongest || name.front() == ' ' || name.back() == ' ')
    return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || kSigns.find(c) != std::string_view::npos;
  });
}

ClusterConfig read_cluster(const Value& table, const ClusterSetting& setting, Problems& problems) {
  return ClusterReader{table, setting, problems}.read();
}

}  // namespace pgrepl
