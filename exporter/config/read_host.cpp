// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/read_host.h"

#include "exporter/config/http_address.h"
#include "exporter/config/table_reader.h"

namespace pgrepl {
namespace {

constexpr std::string_view kExampleUrl = "http://10.0.0.1:9100/metrics";

void read_url(TableReader& host, HostConfig& config) {
  const auto url = host.text("url", kExampleUrl);
  const bool wanted = config.source == HostSource::node_exporter;
  if (!url) {
    if (wanted && host.find("url") == nullptr) {
      host.complain("url",
                    "source \"node_exporter\" needs a \"url\" such as " + in_quotes(kExampleUrl));
    }
    return;
  }
  if (!wanted) {
    host.complain("url", "\"url\" goes with source \"node_exporter\", not with \"local\"");
  } else if (url->find('@') != std::string::npos) {
    host.complain("url", "\"url\" must not carry a user or password");
  } else if (!parse_http_address(*url)) {
    host.complain("url", "\"url\" must be an http:// address such as " + in_quotes(kExampleUrl));
  } else {
    config.url = *url;
  }
}

void read_path(TableReader& host, DirectoryPurpose purpose, HostConfig& config) {
  const std::string key = std::string{to_string(purpose)} + "_path";
  const auto path = host.text(key, "/var/lib/postgresql/15/main");
  if (!path) return;
  if (path->starts_with('/')) {
    config.paths[purpose] = *path;
  } else {
    host.complain(key, in_quotes(key) + " must be an absolute path, not " + in_quotes(*path));
  }
}

}  // namespace

HostConfig read_host(const Value& table, Problems& problems) {
  TableReader host{table, "host", problems};
  HostConfig config;
  const auto source = host.choice("source", {"local", "node_exporter"});
  if (host.find("source") == nullptr) {
    host.complain("source", "host has no \"source\"; it is \"local\" or \"node_exporter\"");
  }
  if (source == "node_exporter") config.source = HostSource::node_exporter;
  if (source) {
    read_url(host, config);
  } else {
    host.find("url");
  }
  for (const DirectoryPurpose purpose : kDirectoryPurposes) read_path(host, purpose, config);
  host.report_unknown_keys();
  return config;
}

}  // namespace pgrepl
